import Agent
import ArgumentParser
import Glibc
import OS
import Sandbox
import Session
import Terminal
import Text
import Workspace

/// `graft sandbox -- COMMAND`: runs any command as the model's commands are run.
struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Run a command in the sandbox.",
        discussion: """
            The current folder is the working tree. Prints what the command prints and exits as it does: 128 and the \
            signal's number if one ended it, 124 after the time limit, 126 if it could not be started. One word after \
            -- is a shell line, several are an argv.
            """)

    @OptionGroup var state: StateOptions

    @Option(
        help: ArgumentHelp(
            "A policy: \(SandboxProfile.builtInNames.joined(separator: ", ")), or a TOML file.", valueName: "policy"))
    var policy = "workspace-write"

    @Option(help: ArgumentHelp("The working tree.", valueName: "dir"))
    var tree = "."

    @Option(
        help: ArgumentHelp("How long the command may take (default: 10m).", valueName: "duration"),
        transform: Duration.parse)
    var timeout: Duration = .seconds(600)

    @Option(
        help: ArgumentHelp(
            "Only this rung: \(Rung.ladder.map(\.rawValue).joined(separator: ", ")) (default: the first that works).",
            valueName: "rung"), completion: .list(Rung.ladder.map(\.rawValue)), transform: Self.rung)
    var rung: Rung?

    @Flag(help: "Say on standard error which rung is used.")
    var verbose = false

    @Argument(parsing: .postTerminator, help: ArgumentHelp("The command, behind --.", valueName: "command"))
    var command: [String] = []

    func validate() throws {
        try CommandWords.check(command, in: "graft sandbox")
    }

    func run() async throws {
        guard !command.isEmpty, command != [""] else {
            throw Refusal("name the command behind --, as in: graft sandbox -- make test")
        }
        let environment = ProcessEnvironment.current
        let home = environment["HOME"] ?? "/root"
        let secrets = SandboxPolicy.secretPaths(home: home) + [SessionFolder.root(environment: environment)]
        let profile = try SandboxProfile.read(policy)
        for notice in try profile.noticesOfPaths(home: home, secrets: secrets, name: policy) {
            StandardError.write("graft: \(notice.marked)")
        }
        var policy = SandboxPolicy(workingTree: tree, hiddenPaths: secrets)
        let project = GitView.Place(around: tree)?.root ?? FilePath.resolved(tree)
        policy.closeHomes(environment: environment, projects: project.map { [$0] } ?? [])
        policy.apply(profile, home: home)
        let view = try TemporaryGitView(of: tree, environment: environment)
        defer { view.remove() }
        view.git.install(in: &policy)
        let allowed = SandboxEnvironment.build(from: environment, allow: profile.variables ?? [], home: home)
        let ladder = rung.map { [$0] } ?? Rung.ladder
        var sandbox = try await Sandbox.probe(
            policy: policy, searchPath: allowed["PATH"] ?? "", rungs: ladder, isForOneCommand: true)
        // Where no private folders can be mounted, the command gets one for its temporary files and its home.
        let temporary = "\(SessionFolder.root(environment: environment))/sandbox-\(getpid())"
        if sandbox.rung == .landlock {
            try SessionFolder.make(temporary)
            policy.temporaryFolder = temporary
            sandbox = try await Sandbox.probe(
                policy: policy, searchPath: allowed["PATH"] ?? "", rungs: ladder, isForOneCommand: true)
        }
        // What stays behind is in Graft's own folder.
        defer { if policy.temporaryFolder != nil { try? FolderRemoval.remove(temporary) } }
        if verbose {
            StandardError.write("graft: sandbox: \(sandbox.summary)")
            StandardError.write("graft: of the home folder: \(policy.openedPaths(home: home).joined(separator: ", "))")
        }
        var request = CommandRequest(.init(words: command), environment: allowed, timeout: timeout)
        let output = StandardOutput()
        request.onOutput = { chunk in
            if chunk.stream == .stdout { return output.write(chunk.bytes) }
            // Whoever does not read its output any more does not end the command.
            try? FileContent.write(chunk.bytes, to: 2)
        }
        let task = Task { [request] in await sandbox.run(request) }
        Signals.handle { _, _ in task.cancel() }
        let result = await task.value
        view.remove()
        try exit(result)
    }

    private static func rung(_ argument: String) throws -> Rung {
        guard let rung = Rung.ladder.first(where: { $0.rawValue == argument }) else {
            throw ValidationError("give \(Rung.ladder.map(\.rawValue).joined(separator: ", "))")
        }
        return rung
    }

    private func exit(_ result: CommandResult) throws {
        for host in result.deniedHosts {
            StandardError.write("graft: the policy does not allow the network to \(host.named)")
        }
        for closed in result.closedPaths { StandardError.write("graft: \(closed.notice)") }
        switch result.outcome {
        case .exited(let status): if status != 0 { throw ExitCode(status) }
        case .signalled(let signal): throw ExitCode(128 + signal)
        case .timedOut: throw Refusal("stopped after \(timeout.spelled)", code: 124)
        case .cancelled: throw ExitCode(130)
        case .notStarted(let message): throw Refusal(message, code: 126)
        }
    }
}
