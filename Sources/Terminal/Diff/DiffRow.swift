/// One row of a printed diff.
public struct DiffRow: Sendable, Hashable {
    /// What the row shows.
    public let line: StyledLine
    /// Where it is in the difference.
    public let place: Place?

    /// Makes a row; without a place it belongs to nothing in the difference.
    public init(line: StyledLine, place: Place?) {
        self.line = line
        self.place = place
    }

    /// What a row belongs to.
    public struct Place: Sendable, Hashable {
        /// The position of the file in the difference.
        public let file: Int
        /// The position of the hunk in the file; nil for the file's heading.
        public let hunk: Int?
        /// The line of the new file that the row shows or stands before, from 1.
        public let newLine: Int
    }
}
