import Glibc
public import Repository
public import Sandbox

/// Runs a check on a clean checkout of a commit, away from the tree in which the model works.
///
/// What lies about in the working tree, committed by nobody, cannot make a command pass here.
public struct Verifier: Sendable {
    private let repository: GitRepository
    private let folder: String
    private let mode: SandboxMode
    private let policy: SandboxPolicy
    private let ignored: IgnoredFolders?

    /// Prepares checks.
    ///
    /// - Parameters:
    ///   - folder: An existing folder of the session, in which checkouts are made and removed again.
    ///   - policy: The session's policy; each checkout takes the place of its working tree.
    ///   - ignored: What each checkout shows of the user's besides the commit; changes to it end with the check.
    public init(
        repository: GitRepository, folder: String, mode: SandboxMode, policy: SandboxPolicy,
        ignored: IgnoredFolders? = nil
    ) {
        self.repository = repository
        self.folder = folder
        self.mode = mode
        self.policy = policy
        self.ignored = ignored
    }

    /// Checks out a commit, runs the command there, and removes the checkout.
    ///
    /// - Throws: `RepositoryError` or `SandboxError` if the command could not be given a place to run.
    public func verify(
        _ commit: CommitID, with check: Check, environment: SandboxEnvironment, log: CommandRequest.Log?
    ) async throws -> CheckResult {
        let path = "\(folder)/verify-\(commit.hex.prefix(12))"
        let root = try repository.checkOut(commit, into: path)
        defer {
            // The checkout is of no use any more; what cannot be removed now, a later clean-up finds.
            try? repository.removeWorkingTree(at: root, in: folder)
        }
        var policy = policy
        policy.workingTree = root
        // Its own: what the model's commands have left in the session's must not help.
        let temporary = root + ".tmp"
        // An interrupted verification may have left one.
        if access(temporary, F_OK) == 0 { try FolderRemoval.remove(temporary) }
        guard mkdir(temporary, 0o700) == 0 else {
            throw SandboxError(.policy, "cannot make \(temporary): \(String(cString: strerror(errno)))")
        }
        defer { try? FolderRemoval.remove(temporary) }  // As above.
        policy.temporaryFolder = temporary
        let store = root + ".overlays"
        if access(store, F_OK) == 0 { try FolderRemoval.remove(store) }
        policy.overlays = try ignored?.lend(to: root, store: store) ?? []
        defer { if access(store, F_OK) == 0 { try? FolderRemoval.remove(store) } }  // As above.
        let sandbox = try await Sandbox.probe(
            mode: mode, policy: policy, searchPath: environment["PATH"] ?? "", isForOneCommand: true)
        if case .missing = sandbox.overlaySupport { IgnoredFolders.withdraw(policy.overlays) }
        return await check.run(in: sandbox, environment: environment, log: log)
    }
}
