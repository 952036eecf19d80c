import Glibc
import OS
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
    private let overlaid: OverlaidCheckouts?

    /// Prepares checks.
    ///
    /// - Parameters:
    ///   - folder: An existing folder of the session, in which checkouts are made and removed again.
    ///   - policy: The session's policy; each checkout takes the place of its working tree.
    ///   - ignored: What each checkout shows of the user's besides the commit; changes to it end with the check.
    ///   - overlaid: How to do without writing all files; nil to write them.
    public init(
        repository: GitRepository, folder: String, mode: SandboxMode, policy: SandboxPolicy,
        ignored: IgnoredFolders? = nil, overlaid: OverlaidCheckouts? = nil
    ) {
        self.repository = repository
        self.folder = folder
        self.mode = mode
        self.policy = policy
        self.ignored = ignored
        self.overlaid = overlaid
    }

    /// Checks out a commit, runs the command there, and removes the checkout.
    ///
    /// - Throws: `RepositoryError` or `SandboxError` if the command could not be given a place to run.
    public func verify(
        _ commit: CommitID, with check: Check, environment: SandboxEnvironment, log: CommandRequest.Log?
    ) async throws -> CheckResult {
        let path = "\(folder)/verify-\(commit.hex.prefix(12))"
        if let result = try await verifyInOverlay(commit, at: path, check, environment, log) { return result }
        let root = try repository.checkOut(commit, into: path)
        defer {
            // The checkout is of no use any more; what cannot be removed now, a later clean-up finds.
            try? repository.removeWorkingTree(at: root, in: folder)
        }
        var policy = policy
        policy.workingTree = root
        let temporary = try makeTemporaryFolder(root)
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

    /// Makes a `/tmp` of its own: what the model's commands have left in the session's must not help.
    private func makeTemporaryFolder(_ root: String) throws -> String {
        let temporary = root + ".tmp"
        // An interrupted verification may have left one.
        if access(temporary, F_OK) == 0 { try FolderRemoval.remove(temporary) }
        guard mkdir(temporary, 0o700) == 0 else {
            throw SandboxError(.policy, "cannot make \(temporary): \(String(cString: strerror(errno)))")
        }
        return temporary
    }

    /// Runs the command in an overlay of the user's checkout that has been brought to the commit.
    ///
    /// Nil, and a notice why, where that does not give what a checkout would: the tree cannot be made the commit's, or
    /// the user's files have changed before the command had ended.
    private func verifyInOverlay(
        _ commit: CommitID, at path: String, _ check: Check, _ environment: SandboxEnvironment,
        _ log: CommandRequest.Log?
    ) async throws -> CheckResult? {
        guard let overlaid else { return nil }
        do {
            let store = path + ".overlays"
            if access(store, F_OK) == 0 { try FolderRemoval.remove(store) }
            let place = try repository.prepareOverlaidTree(
                at: path, store: store, reference: nil, commit: commit, work: overlaid.work, shown: overlaid.shown)
            // A later clean-up finds what cannot be removed now.
            defer { try? repository.removeOverlaidTree(place, in: folder) }
            let temporary = try makeTemporaryFolder(place.root)
            defer { try? FolderRemoval.remove(temporary) }  // As above.
            var policy = policy
            policy.workingTree = place.root
            policy.temporaryFolder = temporary
            policy.overlays = [Overlay(lower: repository.workingDirectory, path: place.root, store: place.store)]
            let sandbox = try await Sandbox.probe(
                policy: policy, searchPath: environment["PATH"] ?? "", isForOneCommand: true)
            defer { sandbox.endOverlays() }
            guard let root = sandbox.openOverlaidTree() else { return nil }
            let tree = try WorkingTree(overlaid: place, of: repository, reference: nil, start: commit, root: root)
            close(root)
            defer { tree.letGo() }
            let before = try await settledState(tree)
            guard let before, try tree.restore() else {
                overlaid.notice("the verification takes a whole checkout: the user's files are changing")
                return nil
            }
            try tree.publishIndex()
            let result = await check.run(in: sandbox, environment: environment, log: log)
            guard try tree.checkoutState() == before else {
                overlaid.notice(
                    "the verification is made again, in a whole checkout: your files have changed meanwhile")
                return nil
            }
            return result
        } catch {
            overlaid.notice("the verification takes a whole checkout: \(error)")
            return nil
        }
    }

    /// The state of the user's files, once they are old enough for a change to show.
    private func settledState(_ tree: WorkingTree) async throws -> CheckoutState? {
        for _ in 0..<3 {
            if let state = try tree.checkoutState() { return state }
            try await Task.sleep(for: .milliseconds(25))
        }
        return try tree.checkoutState()
    }
}
