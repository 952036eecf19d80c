import Configuration
import OS
import TOML
import Text

extension ServerSource {
    /// Reads the servers of Codex's `config.toml`; nil if there is no such file, which costs one look, or it names none.
    public static func codex(environment: [String: String]) -> ServerSource? {
        let home = environment["HOME"] ?? "/root"
        let folder = environment["CODEX_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? "\(home)/.codex"
        let path = "\(folder)/config.toml"
        guard FilePath.kind(path) == .other, let bytes = FileContent.bytes(path) else { return nil }
        let file = FilePath.rest(of: path, below: home).map { "~\($0)" } ?? path
        // A file without servers is none of Graft's business, whatever is wrong with it.
        guard bytes.holds("mcp_servers") else { return nil }
        let table: TOMLTable
        do throws(TOMLError) { table = try TOMLTable(parsing: bytes) } catch {
            return ServerSource(file: file, path: path, servers: [], notices: ["cannot be read: \(error)"])
        }
        guard let named = table["mcp_servers"]?.table else { return nil }
        var (servers, notices) = ([MCPServer](), [String]())
        for entry in named.entries {
            do throws(MCPError) {
                servers.append(try server(entry.key, entry.value, file: file))
            } catch { notices.append("\(entry.key.bounded(60).quotedLine) \(error.message)") }
        }
        return servers.isEmpty && notices.isEmpty
            ? nil : ServerSource(file: file, path: path, servers: servers, notices: notices)
    }

    private static func server(_ name: String, _ value: TOMLValue, file: String) throws(MCPError) -> MCPServer {
        guard MCPServer.isName(name) else {
            throw MCPError(.definition, "is no name of letters, digits, - and _, 40 at most")
        }
        guard let table = value.table else { throw MCPError(.definition, "is no table") }
        func list(_ key: String) throws(MCPError) -> [String]? {
            guard let value = table[key] else { return nil }
            guard let all = value.array, case let texts = all.compactMap(\.string), texts.count == all.count else {
                throw MCPError(.definition, "has \(key) that are no list of strings")
            }
            return texts
        }
        func strings(_ key: String) throws(MCPError) -> [String: String] {
            var strings: [String: String] = [:]
            for entry in table[key]?.table?.entries ?? [] {
                guard let text = entry.value.string else {
                    throw MCPError(.definition, "has \(key) that are no strings")
                }
                strings[entry.key] = text
            }
            return strings
        }
        func seconds(_ key: String) -> Duration? {
            (table[key]?.integer.map(Double.init) ?? table[key]?.float)
                .flatMap { $0 > 0 && $0 <= 86_400 ? .milliseconds(Int($0 * 1000)) : nil }
        }
        let place: MCPServer.Place
        if let url = table["url"]?.string {
            var remote = MCPServer.Remote(url)
            remote.tokenVariable = table["bearer_token_env_var"]?.string
            remote.headers = try strings("http_headers")
            remote.headerVariables = try strings("env_http_headers")
            place = .url(remote)
        } else if let command = table["command"]?.string, !command.isEmpty {
            var program = MCPServer.Program(command)
            program.arguments = try list("args") ?? []
            program.variables = try strings("env")
            program.passedVariables = try list("env_vars") ?? []
            program.directory = table["cwd"]?.string
            place = .command(program)
        } else {
            throw MCPError(.definition, "has neither a command nor a url")
        }
        var server = MCPServer(name, place)
        server.origin = .otherAgent(file: file)
        server.isEnabled = table["enabled"]?.boolean ?? true
        server.isRequired = table["required"]?.boolean ?? false
        server.startupTimeout = seconds("startup_timeout_sec") ?? server.startupTimeout
        server.toolTimeout = seconds("tool_timeout_sec") ?? server.toolTimeout
        server.enabledTools = try list("enabled_tools")
        server.disabledTools = try list("disabled_tools") ?? []
        return server
    }
}

extension [UInt8] {
    fileprivate func holds(_ text: String) -> Bool {
        let wanted = Array(text.utf8)
        guard count >= wanted.count else { return false }
        return (0...count - wanted.count).contains { self[$0..<$0 + wanted.count].elementsEqual(wanted) }
    }
}
