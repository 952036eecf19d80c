/// A plan for a series of commits from the pieces of a difference: every piece is in exactly one commit.
public struct SeriesPlan: Sendable, Hashable {
    /// A planned commit.
    public struct Commit: Sendable, Hashable {
        /// The message with its trailers.
        public let message: CommitMessage
        /// The numbers of its pieces.
        public let pieces: Set<Int>

        /// Makes a planned commit.
        public init(message: CommitMessage, pieces: Set<Int>) {
            self.message = message
            self.pieces = pieces
        }
    }

    /// Why a list of commits is not a plan for a difference, as a value for the caller to put in words; commits are
    /// numbered from 1.
    public enum Flaw: Error, Sendable, Hashable {
        /// There is no commit.
        case empty
        /// A commit has no piece.
        case nothing(commit: Int)
        /// There are no pieces of these numbers.
        case unknown([Int], commit: Int)
        /// Pieces are in an earlier commit, too.
        case repeated([Int], commit: Int)
        /// Pieces are in no commit.
        case missing([Int])
    }

    /// The commits, oldest first.
    public let commits: [Commit]

    /// Checks that each piece of a difference is in exactly one commit.
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
