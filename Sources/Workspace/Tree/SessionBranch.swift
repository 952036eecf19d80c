public import Repository
public import Session

/// The branch that people look at: it follows the steps while the run goes on, and holds the ordered series then.
///
/// Somebody may move it or check it out meanwhile; it is theirs from then on, and the steps' own reference still has all the work.
public struct SessionBranch: Sendable {
    private let repository: GitRepository
    private let session: SessionID
    /// Where the branch is, as far as this run has moved it.
    public private(set) var tip: CommitID
    /// Whether nobody else has moved it or checked it out.
    public private(set) var isOurs = true

    /// Takes over the branch of a session where it stands.
    public init(of session: SessionID, in repository: GitRepository, at commit: CommitID) {
        self.repository = repository
        self.session = session
        tip = commit
    }

    /// What a git command takes for the session's commits.
    public var name: String { isOurs ? session.branch : session.steps }

    /// Moves the branch if it is where this run has put it.
    public mutating func move(to commit: CommitID, why: String) throws(RepositoryError) {
        guard isOurs, commit != tip else { return }
        do throws(RepositoryError) {
            try repository.moveBranch(session.branch, from: tip, to: commit, why: "graft: \(why)")
            tip = commit
        } catch {
            if error.code == .referenceMoved || error.code == .checkedOut { isOurs = false }
            throw error
        }
    }
}
