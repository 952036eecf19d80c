public import Text

/// The edit of one commit of a series.
public enum SeriesEdit: Sendable, Hashable {
    /// Drops it.
    case drop
    /// Replaces its message.
    case reword(String)
    /// Joins it with the commit before; without a message, both messages are joined.
    case squash(message: String?)
    /// Makes a commit of these pieces before it; the rest keeps the message.
    case split(pieces: Set<Int>, message: String)
}

/// A series after its edits.
public struct SeriesRewrite: Sendable, Hashable {
    /// The commits, oldest first; those before the first edit are unchanged.
    public let commits: [CommitID]
    /// The replacements of each commit that is no longer there: none, one or several.
    public let replacements: [CommitID: [CommitID]]
}

/// A commit that does not apply in its new place: a result of an operation, which a person resolves.
public struct SeriesConflict: Error, Sendable, Hashable {
    /// The commit.
    public let commit: CommitID
    /// The files with conflicts.
    public let files: [FileConflict]
}

/// A file with conflicts.
public struct FileConflict: Sendable, Hashable {
    /// The kinds of conflict.
    public enum Kind: String, Sendable, Hashable {
        /// Both sides changed the same lines.
        case content
        /// Both sides changed it, and it cannot be merged by lines: it is binary or a link.
        case binary
        /// Both sides added it, with different content.
        case bothAdded = "both_added"
        /// It does not exist where the change applies.
        case missing
        /// The change deletes it, and it was modified where the change applies.
        case deleted
    }

    /// Its path.
    public let path: BytePath
    /// The kind of conflict.
    public let kind: Kind
    /// The hunks of a conflict of content.
    public let hunks: [ConflictHunk]
}

/// One conflicting hunk.
public struct ConflictHunk: Sendable, Hashable {
    /// One side of a hunk.
    public struct Side: Sendable, Hashable {
        /// The first line in the file of that side, from 1.
        public let line: Int
        /// The lines, without their endings; may be empty.
        public let lines: [String]
    }

    /// The side where the change applies.
    public let ours: Side
    /// The common ancestor.
    public let base: Side
    /// The side of the change.
    public let theirs: Side
}
