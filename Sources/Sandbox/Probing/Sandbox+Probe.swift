import Glibc
import OS

extension Sandbox {
    private static let probeTimeout = Duration.seconds(10)

    /// Chooses the strongest rung that works, by trying it.
    ///
    /// Makes this process a subreaper for good: orphans of its children become its children.
    ///
    /// - Parameters:
    ///   - mode: The choice of the user.
    ///   - policy: What commands may see and change; its paths are resolved now.
    ///   - searchPath: Where to look for `bwrap`, as in `PATH`.
    ///   - rungs: The rungs to try, the strongest first.
    ///   - host: A sandbox whose overlays this one shares, with the same policy except for rights; the kernel refuses
    ///     to mount them twice.
    ///   - isForOneCommand: Whether no sandbox is to be set up ahead of the next command.
    ///   - makesCgroup: Whether to make a control group where that is possible.
    /// - Throws: `.policy` if the policy does not fit this machine, `.refused` if no rung works.
    public static func probe(
        mode: SandboxMode = .auto, policy: SandboxPolicy, searchPath: String, rungs: [Rung] = Rung.ladder,
        host: Sandbox? = nil, isForOneCommand: Bool = false, makesCgroup: Bool = true
    ) async throws(SandboxError) -> Sandbox {
        // Only Graft's own launcher shows the working tree as an overlay.
        let rungs = policy.overlaysTree ? rungs.filter { $0 == .namespaces } : rungs
        guard mode == .auto || !policy.overlaysTree else {
            throw SandboxError(.refused, "without a sandbox there is nothing to show the working tree as an overlay in")
        }
        ChildProcess.adoptOrphans()
        // Reports a policy that does not fit before any rung is tried.
        let mounted = try MountPlan(policy)
        if mode != .auto { return Sandbox(rung: mode == .off ? .off : .external, policy: policy, launcher: .direct) }
        var failures: [RungFailure] = []
        for rung in rungs {
            let plan = rung == .landlock ? try MountPlan(policy.forLandlock) : mounted
            do throws(RungFailure) {
                return try await attempt(
                    rung, plan: plan, policy: policy, searchPath: searchPath, host: host,
                    isForOneCommand: isForOneCommand, makesCgroup: makesCgroup)
            } catch {
                failures.append(error)
            }
        }
        if policy.overlaysTree {
            throw SandboxError(.refused, failures.map { $0.message() }.joined(separator: "; "))
        }
        // A single command is not run without a sandbox: there is no option for it.
        throw RungFailure.error(for: failures, offersNone: !isForOneCommand)
    }

    /// Tries each rung; `trouble` is nil if it works, else the reason and the remedy.
    ///
    /// - Throws: `.policy` if the policy does not fit this machine; a rung that does not work is no error.
    public static func report(
        policy: SandboxPolicy, searchPath: String
    ) async throws(SandboxError) -> [(rung: Rung, trouble: String?)] {
        ChildProcess.adoptOrphans()
        var report: [(rung: Rung, trouble: String?)] = []
        for rung in Rung.ladder {
            let plan = try MountPlan(rung == .landlock ? policy.forLandlock : policy)
            do throws(RungFailure) {
                _ = try await attempt(
                    rung, plan: plan, policy: policy, searchPath: searchPath, isForOneCommand: true)
                report.append((rung, nil))
            } catch {
                report.append((rung, error.message()))
            }
        }
        return report
    }

    private static func attempt(
        _ rung: Rung, plan: MountPlan, policy: SandboxPolicy, searchPath: String, host: Sandbox? = nil,
        isForOneCommand: Bool, makesCgroup: Bool = true
    ) async throws(RungFailure) -> Sandbox {
        func attempt(_ cgroup: CommandCgroup?) async throws(RungFailure) -> Sandbox {
            try await Self.attempt(
                rung, plan: plan, policy: policy, searchPath: searchPath, host: host,
                isForOneCommand: isForOneCommand, cgroup: cgroup)
        }
        guard makesCgroup, let cgroup = CommandCgroup(limits: policy.limits) else { return try await attempt(nil) }
        do throws(RungFailure) {
            return try await attempt(cgroup)
        } catch {
            // A control group may be possible to make but not to join; then the rung works without one.
            guard error.reason.contains("join the cgroup") else { throw error }
            return try await attempt(nil)
        }
    }

    private static func attempt(
        _ rung: Rung, plan: MountPlan, policy: SandboxPolicy, searchPath: String, host: Sandbox?,
        isForOneCommand: Bool, cgroup: CommandCgroup?
    ) async throws(RungFailure) -> Sandbox {
        let sandbox: Sandbox
        do throws(LaunchFailure) {
            let launcher = try launcher(
                rung, plan: plan, policy, searchPath: searchPath, host: host, cgroup: cgroup)
            sandbox = Sandbox(
                rung: rung, policy: policy, launcher: launcher, cgroup: cgroup, plan: plan,
                isForOneCommand: isForOneCommand)
            // The first command takes it from the pool.
            if case .own(let own) = launcher, try own.prepare(.seconds(10)) { return sandbox }
        } catch {
            throw RungFailure(rung: rung, reason: error.message)
        }
        // Needs no file of the policy, so that only the sandbox can fail.
        let result = await sandbox.run(
            CommandRequest(
                .arguments(["true"]), environment: SandboxEnvironment(["PATH": "/usr/bin:/bin"]), timeout: probeTimeout)
        )
        guard result.succeeded else { throw RungFailure(rung: rung, result) }
        return sandbox
    }

    private static func launcher(
        _ rung: Rung, plan: MountPlan, _ policy: SandboxPolicy, searchPath: String, host: Sandbox?,
        cgroup: CommandCgroup?
    ) throws(LaunchFailure) -> Launcher {
        let temporary = try temporaryFolder(policy)
        if rung == .landlock, let refusal = policy.withoutMounts.refusal { throw LaunchFailure(refusal) }
        switch rung {
        case .namespaces, .landlock:
            var sharing: OwnLauncher?
            if rung == .namespaces, case .own(let own)? = host?.launcher { sharing = own }
            return .own(
                try OwnLauncher(
                    rung, plan: plan, policy: policy, temporaryFolder: temporary, cgroup: cgroup, host: sharing))
        case .bubblewrap:
            guard let program = FilePath.program("bwrap", searchPath: searchPath + ":/usr/local/bin:/usr/bin:/bin")
            else { throw LaunchFailure("bwrap is not installed") }
            guard let launcher = OwnLauncher.path.map({ Descriptor(open($0, O_RDONLY | O_CLOEXEC)) }), launcher.raw >= 0
            else { throw LaunchFailure("graft-sandbox is missing; it belongs beside graft") }
            return .bubblewrap(
                BubblewrapArguments(
                    program: program, plan: plan, temporaryFolder: temporary, network: policy.network),
                try LauncherPlan(plan, policy: policy, temporaryFolder: temporary, rung: rung, cgroup: cgroup),
                program: launcher)
        case .external, .off:
            return .direct
        }
    }

    private static func temporaryFolder(_ policy: SandboxPolicy) throws(LaunchFailure) -> String? {
        guard let wanted = policy.temporaryFolder else { return nil }
        guard let real = FilePath.resolved(wanted), FilePath.kind(real) == .folder else {
            throw LaunchFailure("the folder for temporary files \(wanted) is missing")
        }
        return real
    }
}
