public import Repository
public import Session

/// The branch for people: it follows the steps during the run, and holds the series afterwards.
///
/// When somebody moves it or checks it out, the run leaves it alone; the reference of the steps has all the work.
public struct SessionBranch: Sendable {
    private let repository: GitRepository
    private let session: SessionID
    /// The commit to which this run has moved the branch.
    public private(set) var tip: CommitID
    /// Whether nobody else has moved it or checked it out.
    public private(set) var isOurs = true

    /// Starts with the branch of a session at its current commit.
    public init(of session: SessionID, in repository: GitRepository, at commit: CommitID) {
        self.repository = repository
        self.session = session
        tip = commit
    }

    /// Why the branch moves when the steps are ordered.
    static let ordering = "order the steps"

    /// Leaves the branch alone from now on: somebody else has moved it.
    mutating func leaveAlone() { isOurs = false }

    /// The name of the session's commits for git commands.
    public var name: String { isOurs ? session.branch : session.steps }

    /// Moves the branch if it is where this run has put it.
    ///
    /// - Throws: `RepositoryError` if it cannot be moved for another reason.
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
