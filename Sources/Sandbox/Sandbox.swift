import Glibc

/// Runs commands so that they cannot harm what lies around the working tree.
///
/// Made by ``probe(mode:policy:environment:)``, once a session; commands may run beside each other.
public struct Sandbox: Sendable {
    enum Launcher: Sendable {
        case own(OwnLauncher)
        case bubblewrap(BubblewrapArguments)
        case direct
    }

    /// What keeps commands in.
    public let rung: Rung
    /// What they may see and change.
    public let policy: SandboxPolicy
    let launcher: Launcher
    private let tree: String
    private let hasBash = access("/bin/bash", X_OK) == 0

    init(rung: Rung, policy: SandboxPolicy, launcher: Launcher) {
        self.rung = rung
        self.policy = policy
        tree = FilePath.resolved(policy.workingTree) ?? policy.workingTree
        self.launcher = launcher
    }

    /// One line for a person.
    public var summary: String {
        guard Rung.ladder.contains(rung) else { return rung.mechanism }
        let writable = policy.isTreeWritable ? "only the working tree is writable" : "nothing is writable"
        let network =
            switch policy.network {
            case .none: "no network, not even loopback"
            case .loopback: rung == .landlock ? "no network, not even loopback" : "no network"
            case .hosts(let hosts):
                proxy == nil ? "no network" : "network: \(hosts.count == 1 ? "1 host" : "\(hosts.count) hosts")"
            case .all: "the machine's network"
            }
        let secrets = rung == .landlock ? "secrets can be read" : "secrets hidden"
        return "\(rung.mechanism); \(writable), \(network), \(secrets)"
    }

    /// The folder for temporary files as commands see it; nil where it is the machine's own.
    public var temporaryFolder: String? {
        if rung.hasPrivateTemporary { return "/tmp" }
        return rung == .landlock ? policy.temporaryFolder : nil
    }

    /// Runs a command and returns when it and all it has started have ended.
    ///
    /// Never throws: a command that could not be started is an outcome too. Cancelling the task ends the command.
    public func run(_ request: CommandRequest) async -> CommandResult {
        let cancel: WakeSignal
        do {
            cancel = try WakeSignal()
        } catch {
            return .notStarted(error.message)
        }
        return await withTaskCancellationHandler {
            await CommandThread.run {
                CommandLoop(request: request, cancel: cancel) { streams throws(LaunchFailure) in
                    try launch(request, streams)
                }.run()
            }
        } onCancel: {
            cancel.raise()
        }
    }

    /// Where commands find the way to the policy's hosts; only Graft's own launcher can open one.
    private var proxy: String? { rung == .namespaces && policy.hosts != nil ? HostProxy.address : nil }

    /// Starts a command with these streams.
    func launch(_ request: CommandRequest, _ streams: CommandStreams) throws(LaunchFailure) -> any LaunchedCommand {
        let words = request.command.words(hasBash: hasBash)
        let directory = try directory(request)
        let environment = request.environment.with(temporaryFolder: temporaryFolder, proxy: proxy)
        switch launcher {
        case .own(let own):
            return try LauncherCommand(
                own, words: words, environment: environment.entries, directory: directory, streams: streams)
        case .bubblewrap(let arguments):
            guard words.first?.isEmpty == false else { throw LaunchFailure("the command is empty") }
            return try BubblewrapCommand(
                arguments: arguments.command(words, directory: directory), environment: environment.entries,
                streams: streams)
        case .direct:
            return try DirectCommand(words: words, environment: environment, directory: directory, streams: streams)
        }
    }

    private func directory(_ request: CommandRequest) throws(LaunchFailure) -> String {
        guard let wanted = request.directory else { return tree }
        guard let real = FilePath.resolved(wanted), FilePath.kind(real) == .folder else {
            throw LaunchFailure("\(wanted) is not a folder")
        }
        guard FilePath.isInside(real, tree) else {
            throw LaunchFailure("\(wanted) is not in the working tree \(tree)")
        }
        return real
    }
}

extension CommandResult {
    fileprivate static func notStarted(_ message: String) -> CommandResult {
        CommandResult(
            outcome: .notStarted(message: message), duration: .zero, stdout: CapturedOutput(),
            stderr: CapturedOutput(), usage: Usage(), leftProcesses: false)
    }
}
