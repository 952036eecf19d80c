/// The difference of two trees, in pieces that can be applied one by one.
public struct TreeDiff: Sendable, Hashable {
    /// The tree before.
    public let old: TreeID
    /// The tree after.
    public let new: TreeID
    /// The files that differ, ordered by path.
    public let files: [FileDiff]
    /// The pieces, in the order of files and lines.
    public let pieces: [Piece]

    /// A hunk of a file, or the whole change of a file that is added, deleted, renamed, binary, a link, or has another
    /// mode.
    public struct Piece: Sendable, Hashable, Identifiable {
        /// Its number, from 1.
        public let id: Int
        /// The position in `files`.
        public let file: Int
        /// The position in the file's `hunks`; nil for the whole file.
        public let hunk: Int?
    }

    package init(old: TreeID, new: TreeID, files: [FileDiff]) {
        self.old = old
        self.new = new
        self.files = files
        var pieces: [Piece] = []
        for (position, file) in files.enumerated() {
            let hunks: [Int?] = file.isDivisible ? Array(file.hunks.indices) : [nil]
            for hunk in hunks { pieces.append(Piece(id: pieces.count + 1, file: position, hunk: hunk)) }
        }
        self.pieces = pieces
    }
}
