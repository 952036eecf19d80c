import ArgumentParser
import Configuration
import Sandbox
import TOML
import Text

/// `graft mcp add NAME -- COMMAND`: writes a server into the user's configuration.
struct MCPAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Write a server into your configuration.",
        discussion: """
            A program stands behind --, as in: graft mcp add time -- mcp-server-time. It runs in the sandbox: it can read \
            the tree, and has no network. --policy grants more; single paths and hosts are written by hand as \
            [mcp.NAME.policy].
            """)

    @Argument(help: ArgumentHelp("Its name: letters, digits, - and _.", valueName: "name"))
    var name: String

    @Option(help: ArgumentHelp("The address of a server behind HTTP.", valueName: "url"))
    var url: String?

    @Option(help: ArgumentHelp("A variable of yours that the program gets; may be given again.", valueName: "variable"))
    var env: [String] = []

    @Option(help: ArgumentHelp("The variable that holds the bearer token.", valueName: "variable"))
    var bearerTokenEnvVar: String?

    @Option(
        help: ArgumentHelp("A header and the variable that holds its value, as NAME=VARIABLE.", valueName: "header"))
    var envHeader: [String] = []

    @Option(
        help: ArgumentHelp(
            "What the program may do: \(SandboxProfile.builtInNames.joined(separator: ", ")), or a TOML file.",
            valueName: "policy"))
    var policy: String?

    @Flag(help: "Begin no run without it.")
    var required = false

    @Argument(parsing: .postTerminator, help: ArgumentHelp("The program, behind --.", valueName: "command"))
    var command: [String] = []

    func validate() throws {
        guard MCPServer.isName(name) else {
            throw ValidationError("a name has letters, digits, - and _, 40 at most, unlike '\(name)'")
        }
        guard (url == nil) != command.isEmpty else {
            throw ValidationError("give a program behind --, or the address of a server with --url")
        }
        guard url == nil || (env.isEmpty && policy == nil) else {
            throw ValidationError("--env and --policy are for programs; a server behind HTTP gets --env-header")
        }
        guard url != nil || (bearerTokenEnvVar == nil && envHeader.isEmpty) else {
            throw ValidationError("--bearer-token-env-var and --env-header are for --url; a program gets --env")
        }
        for header in envHeader where header.split(separator: "=").count != 2 {
            throw ValidationError("--env-header takes NAME=VARIABLE, not '\(header)'")
        }
    }

    func run() async throws {
        let environment = ProcessEnvironment.current
        let file = try ConfigurationFile(environment: environment)
        guard !file.servers.contains(where: { $0.name == name }) else {
            throw Refusal(
                "\(file.path) has an MCP server \(name) already; graft mcp remove \(name) removes it", code: 1)
        }
        // What a policy that is not there would stop is better told now.
        if let policy { _ = try PolicyChoice.named(policy).profile(home: environment["HOME"] ?? "/root") }
        try file.adding(name, lines)
        let added = try ConfigurationFile(environment: environment).servers.first { $0.name == name }
        let output = StandardOutput()
        output.write("added \(name) to \(file.path.marked)\n")
        if let added {
            output.write("it may \(added.rights); graft mcp test \(name) tries it\n")
        }
    }

    private var lines: [String] {
        func list(_ texts: [String]) -> TOMLValue { .array(texts.map(TOMLValue.string)) }
        var lines: [String] = []
        func add(_ key: String, _ value: TOMLValue) { lines.append("\(key) = \(value)") }
        if let url { add("url", .string(url)) }
        if let program = command.first {
            add("command", .string(program))
            if command.count > 1 { add("args", list(Array(command.dropFirst()))) }
        }
        if !env.isEmpty { add("env", list(env)) }
        if let bearerTokenEnvVar { add("bearer_token_env_var", .string(bearerTokenEnvVar)) }
        if let policy { add("policy", .string(policy)) }
        if required { add("required", .boolean(true)) }
        if !envHeader.isEmpty {
            let pairs = envHeader.map { header in
                let parts = header.split(separator: "=").map { TOMLValue.string(String($0)).description }
                return parts.joined(separator: " = ")
            }
            lines.append("env_headers = { \(pairs.joined(separator: ", ")) }")
        }
        return lines
    }
}
