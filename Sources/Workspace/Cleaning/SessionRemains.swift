public import Repository
public import Session

/// What is left of a session, and what a clean-up makes of it.
public struct SessionRemains: Sendable {
    /// The session.
    public let id: SessionID
    /// The session's folder; nil if it is gone.
    public let folder: String?
    /// The repository it worked on, as far as that is known.
    public let repository: String?
    /// When something last happened, in seconds since 1970.
    public let lastActivity: Int
    /// What is done about it.
    public internal(set) var action = Action.keep
    /// Why it is kept, or what should be known before it goes; one clause, or nothing.
    public internal(set) var reason = ""
    /// The roots of the working trees and checkouts that Graft has made for it.
    public internal(set) var workingTrees: [String] = []
    /// Its references, the branch among them.
    public internal(set) var references: [NamedReference] = []
    /// The commits of its branch that are on no branch of the user's, as they are or picked.
    public internal(set) var unsharedCommits: [UnsharedCommit] = []
    /// How many of those Graft has not made.
    public internal(set) var foreignCommitCount = 0
    /// The room on the disk that is won, in bytes; what git packs away later is not counted.
    public internal(set) var bytes = 0

    /// What a clean-up can do.
    public enum Action: String, Sendable {
        /// Everything of it goes.
        case remove
        /// Working trees and temporary files go; journal, output and commits stay.
        case tidy
        /// Nothing is touched.
        case keep
    }

    /// Whether commits go that are nowhere else.
    public var losesCommits: Bool { action == .remove && !unsharedCommits.isEmpty }

    init(id: SessionID, folder: String?, repository: String?, lastActivity: Int) {
        self.id = id
        self.folder = folder
        self.repository = repository
        self.lastActivity = lastActivity
    }
}
