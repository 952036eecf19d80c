import Configuration
import OS
public import Sandbox
import Text

/// Where the programs of servers run: the sandbox of a session's commands, narrowed to what each may do.
public struct ServerPlace: Sendable {
    /// The sandbox of commands, whose tree they see.
    let sandbox: Sandbox
    /// The environment of commands.
    let variables: SandboxEnvironment
    /// The environment Graft was started with.
    let environment: [String: String]
    /// The folder for what they print as errors; nil to keep nothing.
    let logs: String?

    /// Makes a place.
    ///
    /// - Parameters:
    ///   - sandbox: The sandbox of commands, whose tree the servers see.
    ///   - variables: The environment of commands.
    ///   - environment: The environment Graft was started with.
    ///   - logs: The folder for what servers print as errors; nil to keep nothing.
    public init(
        sandbox: Sandbox, variables: SandboxEnvironment, environment: [String: String], logs: String?
    ) {
        self.sandbox = sandbox
        self.variables = variables
        self.environment = environment
        self.logs = logs
    }

    var home: String { environment["HOME"] ?? "/root" }
}

extension ServerPlace {
    /// Starts the program of a server in a sandbox of its own.
    ///
    /// - Throws: For a program that is not there, a policy that there is not, a variable that is not set.
    func start(
        _ program: MCPServer.Program, of server: MCPServer,
        onOutput: @escaping @Sendable (CommandRequest.Chunk) -> Void,
        onEnd: @escaping @Sendable (CommandResult) -> Void
    ) async throws(MCPError) -> PipedCommand {
        let variables = try variables(for: program, of: server)
        let sandbox = try await sandbox(for: program, of: server, variables)
        var request = CommandRequest(
            .arguments([program.command] + program.arguments), directory: try directory(program),
            environment: variables, timeout: .seconds(86_400 * 365),
            log: logs.map { .init(directory: $0, name: "mcp-\(server.name)") })
        request.diskLimit = 8 << 20
        request.onOutput = onOutput
        do throws(SandboxError) { return try sandbox.converse(request, onEnd: onEnd) } catch {
            throw MCPError(.notStarted, "cannot be started: \(error.message)")
        }
    }

    /// The sandbox of a server: it reads the tree, has no network, and gets what its policy grants.
    private func sandbox(
        for program: MCPServer.Program, of server: MCPServer, _ variables: SandboxEnvironment
    ) async throws(MCPError) -> Sandbox {
        // Without a sandbox, which only the user can choose, there is nothing to narrow.
        guard Rung.ladder.contains(sandbox.rung) else { return sandbox }
        var policy = sandbox.policy
        policy.isTreeWritable = false
        (policy.writablePaths, policy.readablePaths) = ([], [])
        // What it leaves in /tmp is no business of commands.
        if sandbox.rung != .landlock { policy.temporaryFolder = nil }
        // A session that only looks stays one.
        let mayWrite = sandbox.policy.isTreeWritable
        do {
            policy.apply(try server.profile(home: home), home: home)
        } catch { throw MCPError(.definition, "its policy cannot be used: \(error)") }
        policy.isTreeWritable = policy.isTreeWritable && mayWrite
        // A repository could name any path of the user's as an argument.
        if case .repository = server.origin {} else { open(program, variables, in: &policy) }
        do throws(SandboxError) {
            return try await Sandbox.probe(
                policy: policy, searchPath: variables["PATH"] ?? "", rungs: [sandbox.rung], host: sandbox,
                isForOneCommand: true)
        } catch {
            throw MCPError(.notStarted, "its sandbox cannot be made: \(error.description)")
        }
    }

    /// Opens what the user has named: the program with its installation, and files among the arguments.
    private func open(
        _ program: MCPServer.Program, _ variables: SandboxEnvironment, in policy: inout SandboxPolicy
    ) {
        let path = FilePath.absolute(program.command, home: home)
        if path.utf8.first == UInt8(ascii: "/") {
            policy.showProgram(path, environment: environment)
        }
        for argument in program.arguments {
            let path = FilePath.absolute(argument, home: home)
            guard path.utf8.first == UInt8(ascii: "/"), let real = FilePath.resolved(path),
                FilePath.kind(real) == .other, !policy.hides(real)
            else { continue }
            policy.shownPaths.append(path)
        }
    }

    private func variables(
        for program: MCPServer.Program, of server: MCPServer
    ) throws(MCPError) -> SandboxEnvironment {
        var variables = variables
        for name in program.passedVariables {
            guard let value = environment[name] else {
                throw MCPError(
                    .definition, "its variable \(name.named) is not set", nextStep: "set it, or take it out of env")
            }
            variables[name] = value
        }
        for (name, value) in program.variables { variables[name] = value }
        let words = Array(variables.variables.values) + [program.command] + program.arguments
        try Self.refuseKey(in: words, environment: environment)
        return variables
    }

    /// Refuses what would tell a server the key of the model's server.
    static func refuseKey(in values: [String], environment: [String: String]) throws(MCPError) {
        guard let key = environment["OPENAI_API_KEY"], key.utf8.count >= 8, values.contains(where: { $0.contains(key) })
        else { return }
        throw MCPError(
            .definition, "it would get the API key of the model's server", nextStep: "give it a key of its own")
    }

    private func directory(_ program: MCPServer.Program) throws(MCPError) -> String? {
        guard let folder = program.directory else { return nil }
        let path = FilePath.absolute(folder, home: home)
        return path.utf8.first == UInt8(ascii: "/") ? path : "\(sandbox.shownTree)/\(path)"
    }
}
