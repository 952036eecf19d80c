/// Writes screens, and of each only the rows that have changed, for the sake of slow terminals.
public struct ScreenWriter: Sendable {
    private let hasColor: Bool
    private var shown: [StyledLine] = []

    /// Makes a writer for a screen of unknown content.
    public init(hasColor: Bool) {
        self.hasColor = hasColor
    }

    /// Forgets what the screen shows, so that all of it is written again.
    public mutating func forget() { shown = [] }

    /// What to write so that the terminal shows these rows.
    public mutating func update(to screen: [StyledLine]) -> String {
        var text = shown.isEmpty ? "\u{1B}[0m\u{1B}[2J" : ""
        for (row, line) in screen.enumerated() where !shown.indices.contains(row) || shown[row] != line {
            // Cleared first: behind a full row the cursor stands on its last column, which would be cleared too.
            text += "\u{1B}[\(row + 1);1H\u{1B}[2K" + line.escaped(hasColor: hasColor)
        }
        shown = screen
        return text
    }
}
