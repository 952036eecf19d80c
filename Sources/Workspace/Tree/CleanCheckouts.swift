import Glibc
import OS
public import Repository
public import Sandbox

/// Makes clean checkouts of commits, outside the tree in which the model works.
///
/// They lack what is in the working tree but in no commit. Submodules are there as the commit records them.
public struct CleanCheckouts: Sendable {
    private let repository: GitRepository
    private let folder: String
    private let mode: SandboxMode
    private let policy: SandboxPolicy
    private let ignored: IgnoredFolders?

    /// The folders that git ignores and that are there all the same, relative to the root.
    public var ignoredFolders: [String] { ignored?.names ?? [] }
    private let overlaid: Overlaid?

    /// How a checkout is made from the user's own files, in a repository too large to write all of them quickly.
    struct Overlaid: Sendable {
        /// The user's uncommitted work.
        let work: UncommittedWork
        /// Receives the reason when a checkout is written file by file after all.
        let notice: @Sendable (String) -> Void
    }

    /// Prepares checkouts that are written file by file.
    ///
    /// - Parameters:
    ///   - folder: An existing folder of the session, in which checkouts are made and removed again.
    ///   - policy: The session's policy; each checkout replaces its working tree.
    ///   - ignored: The user's ignored folders that each checkout shows; changes to them end with the checkout.
    public init(
        repository: GitRepository, folder: String, mode: SandboxMode, policy: SandboxPolicy,
        ignored: IgnoredFolders? = nil
    ) {
        self.init(
            repository: repository, folder: folder, mode: mode, policy: policy, ignored: ignored, overlaid: nil)
    }

    init(
        repository: GitRepository, folder: String, mode: SandboxMode, policy: SandboxPolicy,
        ignored: IgnoredFolders?, overlaid: Overlaid?
    ) {
        self.repository = repository
        self.folder = folder
        self.mode = mode
        self.policy = policy
        self.ignored = ignored
        self.overlaid = overlaid
    }

    /// Checks out a commit, runs the body in a sandbox around it, and removes the checkout.
    ///
    /// The body may be called twice: its result in an overlay is valid only if the user's files did not change
    /// meanwhile.
    ///
    /// - Parameter searchPath: Where to look for the sandbox's program, as in `PATH`.
    /// - Throws: `RepositoryError`, `SandboxError` or `SystemError` if there is no checkout or no sandbox, and what the
    ///   body throws.
    public func withCheckout<Result: Sendable>(
        of commit: CommitID, searchPath: String, _ body: (Sandbox) async throws -> Result
    ) async throws -> Result {
        let path = "\(folder)/verify-\(commit.hex.prefix(12))"
        if let result = try await inOverlay(commit, at: path, searchPath, body) { return result }
        let root = try repository.checkOut(commit, into: path)
        // A later clean-up removes what cannot be removed now.
        defer { try? repository.removeWorkingTree(at: root, in: folder) }
        let temporary = try makeTemporaryFolder(root)
        defer { try? FolderRemoval.remove(temporary) }  // As above.
        let store = root + ".overlays"
        if access(store, F_OK) == 0 { try FolderRemoval.remove(store) }
        defer { if access(store, F_OK) == 0 { try? FolderRemoval.remove(store) } }  // As above.
        let git = root + ".git"
        defer { try? FolderRemoval.remove(git) }  // As above.
        let view = try view(of: root, in: git)
        var policy = policy
        policy.workingTree = root
        policy.shownTree = shownTree
        policy.temporaryFolder = temporary
        view.install(in: &policy)
        var submodules = try ShownSubmodules(of: commit, in: repository, policy: self.policy)
        policy.maskedFolders = submodules.lend(to: root, store: store)
        let probe = { (policy: SandboxPolicy) in
            let sandbox = try await Sandbox.probe(
                mode: mode, policy: policy, searchPath: searchPath, isForOneCommand: true)
            try view.lead(sandbox)
            return sandbox
        }
        guard let ignored else { return try await body(try await probe(policy)) }
        return try await body(try await ignored.show(in: policy, store: store, probe: probe))
    }

    private var home: String { repository.commandEnvironment["HOME"] ?? "/root" }

    /// The path of the user's checkout if a checkout can be shown there.
    private var shownTree: String? {
        let path = repository.workingDirectory
        return mode == .auto && ShownTree.obstacle(path, folder: folder, home: home) == nil ? path : nil
    }

    private func view(of root: String, in folder: String) throws -> GitView {
        try GitView(
            GitView.Place(
                root: root, gitDirectory: repository.gitDirectory(of: root),
                commonDirectory: repository.commonDirectory, shownRoot: shownTree),
            of: { repository }, in: folder, home: home)
    }

    /// Makes a `/tmp` for one checkout, so that files of the model's commands in the session's `/tmp` do not help.
    private func makeTemporaryFolder(_ root: String) throws -> String {
        let temporary = root + ".tmp"
        // An interrupted verification may have left one.
        if access(temporary, F_OK) == 0 { try FolderRemoval.remove(temporary) }
        guard mkdir(temporary, 0o700) == 0 else {
            throw SandboxError(SystemError("make \(temporary)"))
        }
        return temporary
    }

    /// Runs the body in an overlay of the user's checkout with the files of the commit.
    ///
    /// Nil, with a notice, where that is not as good as a checkout: the files cannot be made those of the commit, or
    /// the user's files changed while the body ran.
    private func inOverlay<Result: Sendable>(
        _ commit: CommitID, at path: String, _ searchPath: String, _ body: (Sandbox) async throws -> Result
    ) async throws -> Result? {
        guard let overlaid else { return nil }
        do {
            let store = path + ".overlays"
            if access(store, F_OK) == 0 { try FolderRemoval.remove(store) }
            let place = try repository.prepareOverlaidTree(
                at: path, store: store, reference: nil, commit: commit, work: overlaid.work,
                shown: ignored?.names ?? [], hidden: ignored?.secretFiles ?? [],
                submodules: ShownSubmodules(of: commit, in: repository, policy: self.policy).choices)
            // A later clean-up removes what cannot be removed now.
            defer { try? repository.removeOverlaidTree(place, in: folder) }
            let temporary = try makeTemporaryFolder(place.root)
            defer { try? FolderRemoval.remove(temporary) }  // As above.
            let git = place.root + ".git"
            defer { try? FolderRemoval.remove(git) }  // As above.
            var policy = policy
            policy.temporaryFolder = temporary
            policy.shownTree = shownTree
            try view(of: place.root, in: git).install(in: &policy)
            let mounted = try await MountedOverlay(
                place, of: repository, reference: nil, commit: commit, policy: policy, searchPath: searchPath,
                isForOneCommand: true)
            let (sandbox, tree) = (mounted.sandbox, mounted.files)
            defer {
                // The overlay is unmounted before its layers are removed.
                tree.letGo()
                sandbox.end()
            }
            guard let before = try await settledState(tree), try tree.restore() else {
                overlaid.notice("the verification takes a whole checkout: the user's files are changing")
                return nil
            }
            try tree.publishIndex()
            let result = try await body(sandbox)
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

    /// The state of the user's files, taken when they are old enough for a later change to show.
    private func settledState(_ tree: WorkingTree) async throws -> CheckoutState? {
        for _ in 0..<3 {
            if let state = try tree.checkoutState() { return state }
            try await Task.sleep(for: .milliseconds(25))
        }
        return try tree.checkoutState()
    }
}
