/// Rows that stand below what is being waited for, such as a plan: as many as a terminal has room for.
public struct StandingRows: Sendable, Equatable {
    /// One row.
    public struct Row: Sendable, Equatable {
        let tone: TextTone
        let text: String

        /// Makes a row of text without escape sequences.
        public init(_ tone: TextTone, _ text: String) {
            self.tone = tone
            self.text = text
        }
    }

    private let rows: [Row]
    /// The row that matters most.
    private let focus: Int

    private static let most = 8

    /// Names the rows.
    ///
    /// - Parameter focus: The row around which others are left out.
    public init(_ rows: [Row] = [], focus: Int = 0) {
        self.rows = rows
        self.focus = max(0, min(focus, rows.count - 1))
    }

    /// What fits below four other rows of a terminal of so many.
    func shown(onRows height: Int) -> [Row] {
        let limit = max(1, min(Self.most, height - 6))
        guard rows.count > limit else { return rows }
        guard limit > 2 else { return [rows[focus]] }
        // One row before that of the focus tells where it stands.
        let start = max(0, min(focus - 1, rows.count - limit + 1))
        let left = rows.count - limit + 1
        return rows[start..<(start + limit - 1)] + [Row(.faint, "  … \(left) more")]
    }
}
