import Glibc
public import Repository
public import Sandbox
public import Session

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

    /// The session's files.
    public var files: WorkingTree { tree.files }
    /// The sandbox in which commands run.
    public var sandbox: Sandbox { tree.sandbox }

    /// Removes the working tree, and the branch and the steps if nothing was committed.
    ///
    /// - Throws: `RepositoryError` if something cannot be removed.
    public func leave(commits: Int) throws(RepositoryError) {
        try tree.remove(from: folder, of: repository)
        guard commits == 0, files.head == base else { return }
        try repository.deleteReference(session.steps, at: base)
        if case .branch(session.branch, _) = try repository.head { return }
        do throws(RepositoryError) { try repository.deleteBranch(session.branch, at: base) } catch {
            // Somebody else has moved the branch; it stays.
            guard error.code == .referenceMoved || error.code == .notFound else { throw error }
        }
    }
}
