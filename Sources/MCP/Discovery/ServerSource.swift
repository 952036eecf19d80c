public import Configuration
import JSON
import OS

/// Servers that a file names which Graft does not take at its word: the repository's, or another agent's.
public struct ServerSource: Sendable, Equatable {
    /// The file, as a person knows it.
    public let file: String
    /// The servers, as they are written: variables are not filled in.
    public let servers: [MCPServer]
    /// What cannot be used of the file, each to be read behind its name.
    public let notices: [String]
    /// The path that an answer is remembered for, which tells two repositories apart.
    let path: String

    init(file: String, path: String, servers: [MCPServer], notices: [String] = []) {
        self.file = file
        self.path = path
        self.servers = servers
        self.notices = notices
    }

    /// The hash of the servers; the rest of the file may change.
    var hash: String {
        var writer = JSONWriter()
        writer.array { for server in servers { server.write(into: &$0) } }
        return SHA256.hex(writer.bytes)
    }
}

extension MCPServer {
    /// All that makes a difference, in a fixed order.
    fileprivate func write(into writer: inout JSONWriter) {
        writer.object {
            $0.member("name", name)
            switch place {
            case .command(let program):
                $0.member("command", program.command)
                $0.member("args", array: { for argument in program.arguments { $0.string(argument) } })
                $0.member("passed", array: { for name in program.passedVariables { $0.string(name) } })
                Self.write("env", program.variables, into: &$0)
                if let directory = program.directory { $0.member("cwd", directory) }
            case .url(let remote):
                $0.member("url", remote.url)
                if let variable = remote.tokenVariable { $0.member("token", variable) }
                Self.write("headers", remote.headers, into: &$0)
                Self.write("env_headers", remote.headerVariables, into: &$0)
            }
            $0.member("enabled", isEnabled)
            $0.member("offered", array: { for tool in enabledTools ?? [] { $0.string(tool) } })
        }
    }

    private static func write(_ name: String, _ values: [String: String], into writer: inout JSONWriter) {
        writer.member(
            name,
            object: { for (key, value) in values.sorted(by: { $0.key < $1.key }) { $0.member(key, value) } })
    }
}

extension ServerSource {
    /// Whether it was read from a path.
    public func isAt(_ path: String) -> Bool { FilePath.resolved(self.path).map { FilePath.isSame($0, path) } ?? false }
}
