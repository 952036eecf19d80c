import Glibc
import OS

/// Graft's launcher for the commands of one policy.
struct OwnLauncher: Sendable {
    let program: String
    let plan: LauncherPlan
    /// Runs commands in namespaces; nil without namespaces.
    private let pool: LauncherPool?
    /// Why the overlays are read-only; nil if they are writable.
    let overlayFailure: String?

    init(
        _ rung: Rung, plan: MountPlan, policy: SandboxPolicy, temporaryFolder: String?, cgroup: CommandCgroup?,
        host: OwnLauncher? = nil
    ) throws(LaunchFailure) {
        guard let program = Self.path else {
            throw LaunchFailure("graft-sandbox is missing; it belongs beside graft")
        }
        self.program = program
        func parts(_ plan: MountPlan) throws(LaunchFailure) -> (pool: LauncherPool?, plan: LauncherPlan) {
            let launcherPlan = try LauncherPlan(
                plan, policy: policy, temporaryFolder: temporaryFolder, rung: rung, cgroup: cgroup)
            guard rung != .landlock else { return (nil, launcherPlan) }
            let server = try ForkServer(
                program: program, policy: policy, plan: plan, cgroup: cgroup, host: host?.overlays)
            return (LauncherPool(server, plan: launcherPlan), launcherPlan)
        }
        var made: (pool: LauncherPool?, plan: LauncherPlan)
        var failure: String?
        do {
            made = try parts(host?.overlayFailure == nil ? plan : plan.withoutOverlays)
            // If overlays fail, the folders are shown read-only.
            if plan.hasOverlays { try made.pool?.prepare(Self.patience) }
        } catch {
            guard host == nil, plan.hasOverlays, plan.overlaidTree == nil else { throw error }
            made = try parts(plan.withoutOverlays)
            failure = error.message
        }
        (pool, self.plan, overlayFailure) = (made.pool, made.plan, failure)
    }

    private static let patience = Duration.seconds(10)

    /// The overlays that all commands share; nil if there are none.
    var overlays: ForkServer.Overlays? { pool?.server.overlays }

    /// Ends every process and closes every descriptor that keeps overlays mounted.
    func end() {
        guard let pool else { return }
        pool.end()
        pool.server.overlays?.mounts.letGo()
        pool.server.overlays?.tree?.letGo()
    }

    /// Starts a command.
    func run(_ command: PreparedCommand) throws(LaunchFailure) -> any LaunchedCommand {
        if let pool { return try pool.run(command) }
        return try LauncherCommand(command, program: program, plan: plan)
    }

    /// Sets up a sandbox ahead of a command to test it; false if only a command can test it.
    func prepare(_ timeout: Duration) throws(LaunchFailure) -> Bool {
        try pool?.prepare(timeout)
        return pool != nil
    }

    /// Begins to set up the sandbox of the next command, if there is a pool; returns at once.
    func prepareNext() { pool?.replace() }

    /// Its path: beside the running program, never from the search path.
    static let path: String? = {
        guard let program = FilePath.resolved("/proc/self/exe"), let slash = program.lastIndex(of: "/") else {
            return nil
        }
        let folder = program[..<slash]
        return ["\(folder)/graft-sandbox", "\(folder)/../libexec/graft-sandbox"].first { access($0, X_OK) == 0 }
    }()
}
