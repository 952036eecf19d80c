import Glibc

/// Graft's own launcher, ready for the commands of one policy.
struct OwnLauncher: Sendable {
    let program: String
    let plan: LauncherPlan
    /// What the commands share; nil where there are no namespaces.
    let namespaces: SharedNamespaces?

    init(
        _ rung: Rung, plan: MountPlan, policy: SandboxPolicy, temporaryFolder: String?, cgroup: CommandCgroup?
    ) throws(LaunchFailure) {
        guard let program = Self.path else {
            throw LaunchFailure("graft-sandbox is missing; it belongs beside graft")
        }
        self.program = program
        self.plan = try LauncherPlan(
            plan, policy: policy, temporaryFolder: temporaryFolder, rung: rung, cgroups: cgroup?.folders ?? [])
        namespaces = rung == .landlock ? nil : try SharedNamespaces(program: program, policy: policy)
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
