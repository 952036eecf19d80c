import Glibc
import OS
public import Repository
public import Sandbox
public import Session
import Text

/// Where a run works: the repository, the session, the working tree and the sandbox around it.
public struct Workspace: Sendable {
    /// The session's id.
    public let session: SessionID
    /// The session's folder.
    public let folder: SessionFolder
    /// The user's repository.
    public let repository: GitRepository
    /// The session's files.
    public let tree: SessionTree
    /// The commit the user's HEAD was at.
    public let base: CommitID
    /// The commit the model starts from: `base`, or a commit of the user's uncommitted work on top of it.
    public let start: CommitID
    /// The user's policy, narrowed by the repository's.
    public let policy: SandboxProfile
    /// The environment of commands.
    public let environment: SandboxEnvironment
    /// What cannot be committed and was in the tree before the session.
    public let leftOut: [SkippedFile]
    /// What the person is told of closed paths.
    public let closedPaths = ClosedPathNotices()

    /// The session's files.
    public var files: WorkingTree { tree.files }
    /// The sandbox in which commands run.
    public var sandbox: Sandbox { tree.sandbox }

    /// Whether a path, absolute or from the root, is that of a file in the working tree.
    public func hasFile(_ path: String) -> Bool {
        let (root, whole) = (BytePath(files.root), BytePath(path))
        let path = whole.isBelow(root) ? BytePath(bytes: whole.bytes.dropFirst(root.bytes.count + 1)) : whole
        // What cannot be read is none, as far as anybody can tell.
        return (try? files.file(at: path)) != nil
    }

    /// Where commands see the files.
    public var shownRoot: String { tree.sandbox.shownTree }

    /// Ignores the files that are untracked now in later scans, also those of a clean-up after a crash.
    ///
    /// - Throws: `RepositoryError` if the tree cannot be scanned.
    public func ignoreUntracked() throws(RepositoryError) {
        try files.ignoreUntracked()
        // Without the file a clean-up keeps more than it has to.
        try? FileDraft(folder.ignoreRules).write(Array(files.ownRules.joined(separator: [UInt8(ascii: "\n")])))
    }

    /// The folders that the session's files and its tree lie in.
    public var ownFolders: [String] { tree.kind == .inPlace ? [folder.path, files.root] : [folder.path] }

    /// The places that the session writes to.
    public var storage: SessionStorage { SessionStorage(of: repository, folder) }

    /// Leaves a tree with changes that are in no commit; returns what to tell of it, as a clause.
    public func leaveAll() -> String {
        let place = tree.keep()
        if tree.kind == .inPlace { return "what is in no commit is in your checkout" }
        return AbandonedRun.notice(of: session, place)
    }

    /// Removes the working tree, and the branch and the steps if nothing was committed.
    ///
    /// - Throws: `RepositoryError` if something cannot be removed.
    public func leave(commits: Int) throws(RepositoryError) {
        try tree.remove(from: folder, of: repository)
        // The commit of uncommitted work alone is worth no branch: that work is in the user's files.
        guard commits == 0, files.head == start else { return }
        try repository.deleteReference(session.steps, at: start)
        if case .branch(session.branch, _) = try repository.head { return }
        do throws(RepositoryError) { try repository.deleteBranch(session.branch, at: start) } catch {
            // Somebody else has moved the branch; it stays.
            guard error.code == .referenceMoved || error.code == .notFound else { throw error }
        }
    }
}
