import Glibc

/// Graft's own launcher, ready for the commands of one policy.
struct OwnLauncher: Sendable {
    let program: String
    let plan: LauncherPlan
    /// Runs commands in namespaces; nil where there are none.
    private let spare: SpareLauncher?
    /// Why the plan's overlays are read-only; nil if they are not.
    let overlayFailure: String?

    init(
        _ rung: Rung, plan: MountPlan, policy: SandboxPolicy, temporaryFolder: String?, cgroup: CommandCgroup?
    ) throws(LaunchFailure) {
        guard let program = Self.path else {
            throw LaunchFailure("graft-sandbox is missing; it belongs beside graft")
        }
        self.program = program
        var plan = plan
        var failure: String?
        var server: ForkServer?
        if rung != .landlock {
            do {
                server = try ForkServer(program: program, policy: policy, overlays: plan.overlays, cgroup: cgroup)
            } catch {
                guard !plan.overlays.isEmpty else { throw error }
                plan = plan.withoutOverlays
                server = try ForkServer(program: program, policy: policy, cgroup: cgroup)
                failure = error.message
            }
        }
        overlayFailure = failure
        let launcherPlan = try LauncherPlan(
            plan, policy: policy, temporaryFolder: temporaryFolder, rung: rung, cgroup: cgroup)
        spare = server.map { SpareLauncher($0, plan: launcherPlan) }
        self.plan = launcherPlan
    }

    /// Starts a command.
    func run(
        _ words: [String], environment: [String], directory: String, streams: CommandStreams
    ) throws(LaunchFailure) -> any LaunchedCommand {
        guard words.first?.isEmpty == false else { throw LaunchFailure("the command is empty") }
        if let spare {
            return try spare.run(words, environment: environment, directory: directory, streams: streams)
        }
        return try LauncherCommand(
            program: program, plan: plan, words: words, environment: environment, directory: directory,
            streams: streams)
    }

    /// Makes all that a command needs, to see whether it works here; false where only a command can tell.
    func prepare(_ timeout: Duration) throws(LaunchFailure) -> Bool {
        try spare?.prepare(timeout)
        return spare != nil
    }

    /// Begins to make all that the next command needs, where that takes time; returns at once.
    func prepareNext() { spare?.replace() }

    /// Where it lies: beside the program that runs, never in the search path.
    static let path: String? = {
        guard let program = FilePath.resolved("/proc/self/exe"), let slash = program.lastIndex(of: "/") else {
            return nil
        }
        let folder = program[..<slash]
        return ["\(folder)/graft-sandbox", "\(folder)/../libexec/graft-sandbox"].first { access($0, X_OK) == 0 }
    }()
}
