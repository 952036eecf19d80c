import Configuration
import Text
import Transport

/// The address of a server behind HTTP, with the headers that its definition asks for.
struct HTTPAddress: Sendable {
    let endpoint: Endpoint
    let headers: HTTPHeaders

    /// Reads a definition.
    ///
    /// - Throws: For an address that is none, and a variable that is not set.
    init(_ remote: MCPServer.Remote, environment: [String: String]) throws(MCPError) {
        do throws(TransportError) { endpoint = try Endpoint(exactly: remote.url) } catch {
            throw MCPError(.definition, "its address cannot be used: \(error.message)")
        }
        func value(_ name: String) throws(MCPError) -> String {
            guard let value = environment[name], !value.isEmpty else {
                throw MCPError(
                    .definition, "its variable \(name.named) is not set", nextStep: "set it to what the server asks for"
                )
            }
            return value
        }
        var headers: HTTPHeaders = []
        for (name, value) in remote.headers.sorted(by: { $0.key < $1.key }) { headers.append(name, value) }
        for (name, variable) in remote.headerVariables.sorted(by: { $0.key < $1.key }) {
            headers.append(name, try value(variable))
        }
        if let variable = remote.tokenVariable { headers.append("Authorization", "Bearer \(try value(variable))") }
        try ServerPlace.refuseKey(in: headers.map(\.value) + [remote.url], environment: environment)
        self.headers = headers
    }
}
