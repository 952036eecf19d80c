public import Repository

/// A commit of a session's series, as a person reviews it.
public struct ReviewedCommit: Sendable, Identifiable {
    /// Whether it is accepted.
    public enum State: Sendable, Hashable {
        /// It is on the session's branch only.
        case pending
        /// It is on a branch of the user's (full name, or `HEAD`), as this commit.
        case accepted(CommitID, reference: String)
    }

    /// Its place in the series, from 1.
    public let number: Int
    /// The commit with author, dates and whole message.
    public let commit: CommitRecord
    /// Whether it is accepted.
    public let state: State
    /// The files it changes.
    public let files: [ChangedFile]
    /// What was run before and after it.
    public let evidence: CommitEvidence

    /// The commit's name.
    public var id: CommitID { commit.id }
    /// The first line of its message.
    public var subject: String { commit.parts.subject }
    /// The reason it gives.
    public var body: String { commit.parts.body }
    /// The `Key: value` lines at the end of its message.
    public var trailers: [CommitMessage.Trailer] { commit.parts.trailers }
    /// Whether it is on a branch of the user's.
    public var isAccepted: Bool { state != .pending }
    /// How many lines it adds.
    public var addedLines: Int { files.reduce(0) { $0 + $1.added } }
    /// How many lines it removes.
    public var removedLines: Int { files.reduce(0) { $0 + $1.removed } }
}
