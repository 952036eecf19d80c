import Glibc
import OS

/// Runs commands so that they cannot change anything outside the working tree.
///
/// Made by ``probe(mode:policy:searchPath:rungs:host:isForOneCommand:makesCgroup:)``, once a session; commands may run
/// beside each other.
public struct Sandbox: Sendable {
    enum Launcher: Sendable {
        case own(OwnLauncher)
        case bubblewrap(BubblewrapArguments, LauncherPlan, program: Descriptor)
        case direct
    }

    /// The rung in use.
    public let rung: Rung
    /// What commands may see and change.
    public let policy: SandboxPolicy
    let launcher: Launcher
    /// Whether no sandbox is set up ahead of the next command.
    private let isForOneCommand: Bool
    let cgroup: CommandCgroup?
    /// Restores git's configuration after a command, on the rung that cannot protect it.
    private let guarded: GitGuard?
    /// The home folder of commands, on the rung that cannot show an empty one in its place.
    private let standIn: StandInHome?
    private let place: Relocation
    private let closed: ClosedPaths?
    private let hasBash = access("/bin/bash", X_OK) == 0

    init(
        rung: Rung, policy: SandboxPolicy, launcher: Launcher, cgroup: CommandCgroup? = nil, plan: MountPlan? = nil,
        isForOneCommand: Bool = false
    ) {
        self.isForOneCommand = isForOneCommand
        self.rung = rung
        self.policy = policy
        let tree = FilePath.resolved(policy.workingTree) ?? policy.workingTree
        place = rung.hasMounts ? policy.relocation(tree) : Relocation(tree: tree, path: tree)
        self.launcher = launcher
        self.cgroup = cgroup
        guarded = rung == .landlock ? plan.map(GitGuard.init) : nil
        let standIn = rung == .landlock ? plan.flatMap { StandInHome(policy, plan: $0) } : nil
        self.standIn = standIn
        closed = plan.flatMap { ClosedPaths(policy, plan: $0, standIn: standIn) }
    }

    /// One line for a person.
    public var summary: String {
        guard Rung.ladder.contains(rung) else { return rung.mechanism }
        let further = policy.writablePaths.isEmpty ? "" : " and \(policy.writablePaths.joined(separator: ", "))"
        let writable =
            policy.isTreeWritable
            ? "only the working tree\(further) is writable"
            : further.isEmpty ? "nothing is writable" : "only\(further.dropFirst(4)) is writable"
        let network =
            switch policy.network {
            case .none: "no network, not even loopback"
            case .loopback: rung == .landlock ? "no network, not even loopback" : "no network"
            case .hosts(let hosts):
                proxy == nil ? "no network" : "network: \(hosts.count == 1 ? "1 host" : "\(hosts.count) hosts")"
            case .all: "the machine's network"
            }
        let homes = policy.closedFolders.isEmpty ? "" : "home closed, "
        return "\(rung.mechanism); \(writable), \(network), \(homes)secrets hidden"
    }

    /// The folder for temporary files as commands see it; nil if it is the machine's own.
    public var temporaryFolder: String? {
        if rung.hasPrivateTemporary { return "/tmp" }
        return rung == .landlock ? policy.temporaryFolder : nil
    }

    /// Whether a path without links lies in a closed folder and commands do not see it.
    public func hasClosed(_ path: String) -> Bool { closed?.hide(path) == true }

    /// Runs a command and returns when all its processes have ended.
    ///
    /// Does not throw: a command that could not be started is an outcome, too. Cancelling the task ends the command.
    public func run(_ request: CommandRequest) async -> CommandResult {
        let cancel: WakeSignal
        do {
            cancel = try WakeSignal()
        } catch {
            return .notStarted(error.description)
        }
        return await withTaskCancellationHandler {
            await CommandThread.run(
                then: { if case .own(let own) = launcher, !isForOneCommand { own.prepareNext() } }
            ) {
                let watch = watch()
                let loop = CommandLoop(request: request, cancel: cancel) { streams throws(LaunchFailure) in
                    try launch(request, streams)
                }
                var result = loop.run()
                // Each launch looks for the sockets again.
                for _ in 0..<5 where lostSocket(result) { result = loop.run() }
                watch.complete(&result)
                return result
            }
        } onCancel: {
            cancel.raise()
        }
    }

    /// The address of the proxy to the policy's hosts; nil if there is none. Only Graft's launcher has one.
    private var proxy: String? { rung == .namespaces && policy.hosts != nil ? HostProxy.address : nil }

    /// Whether nothing ran because a socket to hide was removed while `bwrap` started.
    private func lostSocket(_ result: CommandResult) -> Bool {
        guard case .bubblewrap(let arguments, _, _) = launcher, case .notStarted(let message) = result.outcome else {
            return false
        }
        return arguments.sockets.contains { message.contains($0.path) && FilePath.kind($0.source ?? $0.path) == nil }
    }

    /// Makes the watch of a command, to be completed after it.
    func watch() -> CommandWatch { CommandWatch(cgroup: cgroup, guarded: guarded, closed: closed) }

    /// Starts a command with these streams.
    func launch(_ request: CommandRequest, _ streams: CommandStreams) throws(LaunchFailure) -> any LaunchedCommand {
        let environment = request.environment.with(temporaryFolder: temporaryFolder, proxy: proxy)
        let command = try PreparedCommand(
            words: request.command.words(hasBash: hasBash),
            environment: (standIn?.applied(to: environment) ?? environment)
                .adding(rung == .landlock ? policy.withoutMounts.variables : [:]),
            directory: try directory(request), streams: streams)
        switch launcher {
        case .own(let own):
            return try own.run(command)
        case .bubblewrap(let arguments, let plan, let program):
            return try BubblewrapCommand(
                command, arguments: arguments, plan: plan, launcher: program,
                starter: cgroup == nil ? nil : OwnLauncher.path)
        case .direct:
            return try DirectCommand(command)
        }
    }

    private func directory(_ request: CommandRequest) throws(LaunchFailure) -> String {
        guard let wanted = request.directory else { return place.path }
        // What is not the machine's own path is looked up inside; the launcher reports a folder that is missing.
        if policy.overlaysTree || place.isElsewhere {
            let shown = place.shown(wanted)
            guard FilePath.isInside(shown, place.path) else {
                throw LaunchFailure("\(wanted) is not in the working tree \(place.path)")
            }
            return shown
        }
        guard let real = FilePath.resolved(wanted), FilePath.kind(real) == .folder else {
            throw LaunchFailure("\(wanted) is not a folder")
        }
        guard FilePath.isInside(real, place.tree) else {
            throw LaunchFailure("\(wanted) is not in the working tree \(place.tree)")
        }
        return real
    }
}

extension Sandbox {
    /// Where commands see the working tree.
    public var shownTree: String { place.path }

    /// The machine's own path of what commands see at a path.
    public func ownPath(_ shown: String) -> String { place.source(shown) ?? shown }
}

extension CommandResult {
    fileprivate static func notStarted(_ message: String) -> CommandResult {
        CommandResult(
            outcome: .notStarted(message: message), duration: .zero, stdout: CapturedOutput(),
            stderr: CapturedOutput(), usage: Usage(), leftProcesses: false)
    }
}
