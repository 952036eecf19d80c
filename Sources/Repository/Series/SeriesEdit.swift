/// What is to become of one commit of a series.
public enum SeriesEdit: Sendable, Hashable {
    /// It goes.
    case drop
    /// It gets another message.
    case reword(String)
    /// It is joined with the commit before it; without a message, that one's message gets this one's appended.
    case squash(message: String?)
    /// These pieces of its difference become a commit in front of it; the rest keeps the message.
    case split(pieces: Set<Int>, message: String)
}

/// A series after its edits.
public struct SeriesRewrite: Sendable, Hashable {
    /// The new commits, oldest first; those before the first edit are the old ones.
    public let commits: [CommitID]
    /// What has become of each commit that is no longer there: nothing, one commit, or several.
    public let replacements: [CommitID: [CommitID]]
}

/// A commit that could not be applied in its new place.
public struct SeriesConflict: Error, Sendable, Hashable {
    /// The commit.
    public let commit: CommitID
    /// The files that need a decision.
    public let files: [FileConflict]
}

/// A file in which two changes meet.
public struct FileConflict: Sendable, Hashable {
    /// What is in the way of a merge.
    public enum Kind: String, Sendable, Hashable {
        /// Both sides changed the same lines.
        case content
        /// Both sides changed it, and it is binary, a link or not mergeable by lines.
        case binary
        /// Both sides added it, with different content.
        case bothAdded = "both_added"
        /// It is gone where the change should go.
        case missing
        /// The change deletes it, and it has been changed where the change should go.
        case deleted
    }

    /// Its path.
    public let path: String
    /// What is in the way.
    public let kind: Kind
    /// The places, for a conflict of content.
    public let hunks: [ConflictHunk]
}

/// One place in which two changes meet.
public struct ConflictHunk: Sendable, Hashable {
    /// One side of it.
    public struct Side: Sendable, Hashable {
        /// The number of the first line in that side's file, from 1.
        public let line: Int
        /// The lines, without their endings; empty when the side has none there.
        public let lines: [String]
    }

    /// As it is where the change should go.
    public let ours: Side
    /// As it was before both changes.
    public let base: Side
    /// As the change wants it.
    public let theirs: Side
}
