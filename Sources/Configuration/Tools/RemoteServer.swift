public import Responses

/// An MCP server for the Responses server, as the user's file describes it: secrets are names of environment variables.
public struct RemoteServer: Sendable, Equatable {
    /// Where it is; nil where a flag says it.
    public var address: HostedServer.Address?
    /// What it is for, for the model.
    public var description: String?
    /// The variable with the token.
    public var authorization: String?
    /// The variables with the values of further headers, by the headers' names.
    public var headers: [String: String] = [:]
    /// The only tools that may be called.
    public var allowedTools: [String]?
    /// When the Responses server asks.
    public var asking: HostedServer.Asking?
    /// The tools whose calls are approved without asking a person.
    public var approved = ToolNames.none
    /// The tools whose calls are refused without asking a person; this wins.
    public var denied = ToolNames.none

    /// Describes nothing.
    public init() {}

    /// Some tools of a server.
    public enum ToolNames: Sendable, Equatable {
        case all
        case some(Set<String>)

        /// No tool.
        public static let none = ToolNames.some([])

        /// Whether a tool is one of them.
        public func contains(_ name: String) -> Bool {
            switch self {
            case .all: true
            case .some(let names): names.contains(name)
            }
        }
    }

    /// The server with its secrets.
    ///
    /// - Throws: `.value` for a server without an address, and a variable that is not set.
    func resolved(as label: String, environment: [String: String]) throws(ConfigurationError) -> HostedServer {
        guard let address else {
            throw ConfigurationError(
                .value, "[tools.mcp.\(label)] does not say where the server is",
                nextStep: "add server_url, connector_id or tunnel_id")
        }
        func secret(_ name: String) throws(ConfigurationError) -> String {
            guard let value = environment[name], !value.isEmpty else {
                throw ConfigurationError(
                    .value, "\(name), which [tools.mcp.\(label)] names, is not set",
                    nextStep: "export it, or leave the server out")
            }
            guard value.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) else {
                throw ConfigurationError(.value, "\(name) has a line break or an unusual character in it")
            }
            return value
        }
        var server = HostedServer(label: label, address: address)
        server.description = description
        server.authorization = try authorization.map { name throws(ConfigurationError) in try secret(name) }
        for (name, variable) in headers.sorted(by: { $0.key < $1.key }) {
            server.headers.append((name, try secret(variable)))
        }
        server.allowedTools = allowedTools
        server.asking = asking
        if case .url(let url) = address, url.hasPrefix("http://"), !server.secrets.isEmpty {
            throw ConfigurationError(
                .value, "[tools.mcp.\(label)] would send its secret over http, where anybody can read it",
                nextStep: "use https")
        }
        return server
    }
}
