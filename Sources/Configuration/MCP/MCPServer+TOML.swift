import Sandbox
import TOML
import Text

extension MCPServer {
    /// The keys of `[mcp.NAME]`; what is not read does not compile.
    enum Key: String, CaseIterable {
        case command, args, env, cwd, url, headers, enabled, required, policy, approvals
        case tokenVariable = "bearer_token_env_var"
        case headerVariables = "env_headers"
        case startupTimeout = "startup_timeout"
        case toolTimeout = "tool_timeout"
        case enabledTools = "enabled_tools"
        case disabledTools = "disabled_tools"
    }

    /// Reads `[mcp.NAME]`.
    ///
    /// - Throws: For the first key that is unknown or has an invalid value, and for a server that is neither a program nor
    ///   an address.
    init(_ name: String, _ section: TOMLSection) throws(TOMLError) {
        var program = Program("")
        var remote = Remote("")
        var server = MCPServer(name, .command(program))
        for field in section.fields {
            switch try field.key(tables: [("policy", SandboxProfile.keys)]) as Key {
            case .command: program.command = try field.text("the name of a program") { $0.isUsable ? $0 : nil }
            case .args: program.arguments = try field.list("strings") { $0 }
            case .env: (program.passedVariables, program.variables) = try field.environment()
            case .cwd: program.directory = try field.text("a folder") { $0.isUsable ? $0 : nil }
            case .url:
                remote.url = try field.text("an address such as \"https://example.org/mcp\"") {
                    $0.hasPrefix("http://") || $0.hasPrefix("https://") ? $0 : nil
                }
            case .tokenVariable: remote.tokenVariable = try field.variable()
            case .headers: remote.headers = try field.strings()
            case .headerVariables: remote.headerVariables = try field.strings()
            case .enabled: server.isEnabled = try field.flag()
            case .required: server.isRequired = try field.flag()
            case .startupTimeout: server.startupTimeout = try field.mcpTimeout()
            case .toolTimeout: server.toolTimeout = try field.mcpTimeout()
            case .enabledTools: server.enabledTools = try field.list("names of tools") { $0 }
            case .disabledTools: server.disabledTools = try field.list("names of tools") { $0 }
            case .policy:
                server.policy =
                    field.value.string != nil
                    ? .named(try field.string()) : .spelledOut(try SandboxProfile(field.section()))
            case .approvals: server.approvals = try field.choice() as Approvals
            }
        }
        let isRemote = !remote.url.isEmpty
        guard isRemote || !program.command.isEmpty else {
            throw section.error("must have a command to start, or the url of a server")
        }
        guard !isRemote || program.command.isEmpty else { throw section.error("has a command and a url; keep one") }
        if let key = Self.misplaced(in: section.table, isRemote: isRemote) {
            throw section.error(
                isRemote
                    ? "has a url, for which \(key.rawValue) means nothing"
                    : "has a command, for which \(key.rawValue) means nothing")
        }
        server.place = isRemote ? .url(remote) : .command(program)
        self = server
    }

    private static func misplaced(in table: TOMLTable, isRemote: Bool) -> Key? {
        let others: [Key] =
            isRemote ? [.args, .env, .cwd, .policy] : [.tokenVariable, .headers, .headerVariables]
        return others.first { table[$0.rawValue] != nil }
    }

    /// Reads all servers of `[mcp]`.
    ///
    /// - Throws: As for one of them, and for a name that is none.
    static func all(_ field: TOMLField) throws(TOMLError) -> [MCPServer] {
        var servers: [MCPServer] = []
        for server in try field.section().fields {
            guard isName(server.key) else {
                throw field.mismatch("tables [mcp.NAME], with names of letters, digits, - and _, 40 at most")
            }
            servers.append(try MCPServer(server.key, server.section()))
        }
        return servers
    }

    /// Whether a text can name a server.
    public static func isName(_ text: String) -> Bool {
        (1...40).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                0x30...0x39 ~= $0 || 0x41...0x5A ~= $0 || 0x61...0x7A ~= $0 || $0 == UInt8(ascii: "-") || $0 == 0x5F
            }
    }
}

extension TOMLField {
    fileprivate func mcpTimeout() throws(TOMLError) -> Duration {
        if let seconds = value.integer, (1...86_400).contains(seconds) { return .seconds(seconds) }
        return try text("a duration such as \"30s\"") { Duration(spelledOut: $0) }
    }

    /// Names of variables to pass, or a table of variables and their values.
    fileprivate func environment() throws(TOMLError) -> (names: [String], values: [String: String]) {
        if value.table != nil { return ([], try strings()) }
        let names = try list("names of variables, or a table of names and values") { $0.isVariable ? $0 : nil }
        return (names, [:])
    }

    fileprivate func variable() throws(TOMLError) -> String {
        try text("the name of an environment variable") { $0.isVariable ? $0 : nil }
    }

    fileprivate func strings() throws(TOMLError) -> [String: String] {
        var strings: [String: String] = [:]
        for field in try section().fields { strings[field.key] = try field.string() }
        return strings
    }
}

extension String {
    /// Whether it is a name of an environment variable.
    fileprivate var isVariable: Bool { isUsable && !utf8.contains(UInt8(ascii: "=")) }

    /// Whether it is not empty and a program can take it.
    fileprivate var isUsable: Bool { !isEmpty && !utf8.contains(0) }
}
