import CLauncher
import Glibc

extension Sandbox {
    private static let probeTimeout = Duration.seconds(10)

    /// Chooses the strongest rung that works here and runs one command in it, so that a session does not start in vain.
    ///
    /// Makes this process a subreaper, for good: orphans of what it starts become its children.
    ///
    /// - Parameters:
    ///   - mode: What the user asks for.
    ///   - policy: What commands may see and change; paths are looked up now.
    ///   - environment: The environment of commands, whose `PATH` is searched for the launcher too.
    public static func probe(
        mode: SandboxMode = .auto, policy: SandboxPolicy, environment: SandboxEnvironment
    ) async throws(SandboxError) -> Sandbox {
        let plan = try MountPlan(policy)
        let tree = FilePath.resolved(policy.workingTree) ?? policy.workingTree
        // Refused only by kernels older than pidfds.
        _ = graft_become_subreaper()
        guard mode == .auto else { return Sandbox(rung: .off, policy: policy, tree: tree, launcher: .direct) }

        let searchPath = (environment["PATH"] ?? "") + ":/usr/local/bin:/usr/bin:/bin"
        guard let program = FilePath.program("bwrap", searchPath: searchPath) else { throw ProbeDiagnosis.missing }
        let arguments = BubblewrapArguments(
            program: program, plan: plan, temporaryFolder: try temporaryFolder(policy))
        let sandbox = Sandbox(rung: .bubblewrap, policy: policy, tree: tree, launcher: .bubblewrap(arguments))
        let result = await sandbox.run(
            CommandRequest(.arguments(["true"]), environment: environment, timeout: probeTimeout))
        guard result.succeeded else {
            throw ProbeDiagnosis.explain(result, settings: ProbeDiagnosis.settings())
        }
        return sandbox
    }

    private static func temporaryFolder(_ policy: SandboxPolicy) throws(SandboxError) -> String? {
        guard let wanted = policy.temporaryFolder else { return nil }
        guard let real = FilePath.resolved(wanted), FilePath.kind(real) == .folder else {
            throw SandboxError(.policy, "the folder for temporary files \(wanted) is missing")
        }
        return real
    }
}
