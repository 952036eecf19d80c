import Glibc

/// Graft's own launcher, ready for the commands of one policy.
struct OwnLauncher: Sendable {
    let program: String
    let plan: LauncherPlan
    /// What the commands share; nil where there are no namespaces.
    let namespaces: SharedNamespaces?
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
        var shared: SharedNamespaces?
        if rung != .landlock {
            do {
                shared = try SharedNamespaces(program: program, policy: policy, overlays: plan.overlays)
            } catch {
                guard !plan.overlays.isEmpty else { throw error }
                plan = plan.withoutOverlays
                shared = try SharedNamespaces(program: program, policy: policy)
                failure = error.message
            }
        }
        namespaces = shared
        overlayFailure = failure
        self.plan = try LauncherPlan(
            plan, policy: policy, temporaryFolder: temporaryFolder, rung: rung, cgroups: cgroup?.folders ?? [])
    }

    /// Where it lies: beside the program that runs, never in the search path.
    static let path: String? = {
        guard let program = FilePath.resolved("/proc/self/exe"), let slash = program.lastIndex(of: "/") else {
            return nil
        }
        let folder = program[..<slash]
        return ["\(folder)/graft-sandbox", "\(folder)/../libexec/graft-sandbox"].first { access($0, X_OK) == 0 }
    }()
}
