/// The order in which the pieces of a difference become commits: every piece stands in exactly one of them.
public struct SeriesPlan: Sendable, Hashable {
    /// One commit to be.
    public struct Commit: Sendable, Hashable {
        /// The message with its trailers.
        public let message: CommitMessage
        /// The numbers of the pieces it takes.
        public let pieces: Set<Int>

        /// Pairs a message with pieces.
        public init(message: CommitMessage, pieces: Set<Int>) {
            self.message = message
            self.pieces = pieces
        }
    }

    /// What keeps a list of commits from being a plan for a difference; commits are counted from 1.
    public enum Flaw: Error, Sendable, Hashable {
        /// There is no commit.
        case empty
        /// A commit takes no piece.
        case nothing(commit: Int)
        /// There are no pieces of these numbers.
        case unknown([Int], commit: Int)
        /// Pieces are in an earlier commit already.
        case repeated([Int], commit: Int)
        /// Pieces are in no commit.
        case missing([Int])
    }

    /// The commits, oldest first.
    public let commits: [Commit]

    /// Takes a list of commits for a plan if each piece of the difference is in exactly one.
    ///
    /// - Throws: The first flaw found.
    public init(_ commits: [Commit], of diff: TreeDiff) throws(Flaw) {
        guard !commits.isEmpty else { throw .empty }
        let known = Set(diff.pieces.map(\.id))
        var taken: Set<Int> = []
        for (position, commit) in commits.enumerated() {
            guard !commit.pieces.isEmpty else { throw .nothing(commit: position + 1) }
            let unknown = commit.pieces.subtracting(known)
            guard unknown.isEmpty else { throw .unknown(unknown.sorted(), commit: position + 1) }
            let repeated = commit.pieces.intersection(taken)
            guard repeated.isEmpty else { throw .repeated(repeated.sorted(), commit: position + 1) }
            taken.formUnion(commit.pieces)
        }
        guard taken == known else { throw .missing(known.subtracting(taken).sorted()) }
        self.commits = commits
    }
}
