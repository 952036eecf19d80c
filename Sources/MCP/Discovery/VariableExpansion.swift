import Configuration
import Text

extension MCPServer {
    /// The server with the variables filled in that its file names as `${NAME}` or `${NAME:-default}`.
    ///
    /// - Throws: For a variable that is not set and has no default.
    func expanded(_ environment: [String: String]) throws(MCPError) -> MCPServer {
        // Only files of other agents write variables in that way.
        if case .user = origin { return self }
        func filled(_ text: String) throws(MCPError) -> String {
            guard text.utf8.contains(UInt8(ascii: "$")) else { return text }
            var (result, rest) = ("", text[...])
            while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
                result += rest[..<start.lowerBound]
                let inner = rest[start.upperBound..<end]
                let mark = inner.firstRange(of: ":-")
                let name = String(inner[..<(mark?.lowerBound ?? inner.endIndex)])
                if let value = environment[name], !value.isEmpty || mark == nil {
                    result += value
                } else if let mark {
                    result += inner[mark.upperBound...]
                } else {
                    throw MCPError(
                        .definition, "its variable \(name.bounded(60).quotedLine) is not set", nextStep: "set it")
                }
                rest = rest[rest.index(after: end)...]
            }
            return result + rest
        }
        var server = self
        switch place {
        case .command(var program):
            program.command = try filled(program.command)
            for index in program.arguments.indices { program.arguments[index] = try filled(program.arguments[index]) }
            for (name, value) in program.variables { program.variables[name] = try filled(value) }
            server.place = .command(program)
        case .url(var remote):
            remote.url = try filled(remote.url)
            for (name, value) in remote.headers { remote.headers[name] = try filled(value) }
            server.place = .url(remote)
        }
        return server
    }
}
