public import Repository
public import Session

/// What a clean-up does to a session, and why.
public struct CleanupPlan: Sendable {
    /// The session.
    public let id: SessionID
    /// The session's folder; nil if it is missing.
    public let folder: String?
    /// The repository it worked on; nil if that is unknown.
    public let repository: String?
    /// The time of the last activity, in seconds since 1970.
    public let lastActivity: Int
    /// What the clean-up does.
    public internal(set) var action = Action.keep
    /// Why it is kept, or what to know before it is removed; one clause, or empty.
    public internal(set) var reason = ""
    /// The roots of the working trees and checkouts that Graft has made for it.
    public internal(set) var workingTrees: [String] = []
    /// Its references, the branch among them.
    public internal(set) var references: [NamedReference] = []
    /// The commits of its branch that are on no branch of the user's, not even cherry-picked.
    public internal(set) var unsharedCommits: [UnsharedCommit] = []
    /// The number of those that Graft has not made.
    public internal(set) var foreignCommitCount = 0
    /// Where the session's working tree has changes that are in no commit; nil if it has none.
    public internal(set) var uncommitted: String?
    /// The disk space that is freed, in bytes, without what git frees later.
    public internal(set) var bytes = 0

    /// What a clean-up can do to a session.
    public enum Action: String, Sendable {
        /// Remove everything.
        case remove
        /// Remove working trees and temporary files; keep journal, output and commits.
        case tidy
        /// Change nothing.
        case keep
    }

    /// Whether work is lost that is nowhere else: commits, or changes that are in none.
    public var losesWork: Bool { action == .remove && (!unsharedCommits.isEmpty || uncommitted != nil) }

    /// The same plan, which leaves the references of a session that has commits which are nowhere else.
    public var leavingUnsharedWork: CleanupPlan {
        var plan = self
        if !unsharedCommits.isEmpty { plan.references = [] }
        return plan
    }

    init(id: SessionID, folder: String?, repository: String?, lastActivity: Int) {
        self.id = id
        self.folder = folder
        self.repository = repository
        self.lastActivity = lastActivity
    }
}
