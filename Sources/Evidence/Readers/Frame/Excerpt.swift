/// A few lines of what was printed about a failure.
struct Excerpt {
    /// The lines, with ends between them.
    private(set) var text = ""
    private var lineCount = 0

    /// The most lines that are kept.
    static let lineLimit = 16
    /// The most bytes that are kept.
    static let byteLimit = 1200

    /// Whether no line is kept.
    var isEmpty: Bool { lineCount == 0 }

    /// Whether there is no room for another line.
    var isFull: Bool { lineCount >= Self.lineLimit || text.utf8.count >= Self.byteLimit }

    /// Adds a line while there is room; blank lines at the beginning are left out.
    mutating func add(_ line: Substring) {
        guard !isFull else { return }
        if lineCount == 0, line.trimmed.isEmpty { return }
        if lineCount > 0 { text += "\n" }
        text += line.limited(to: Self.byteLimit - text.utf8.count)
        lineCount += 1
    }

    /// Takes the text, without blank lines at its end, and begins anew.
    mutating func take() -> String {
        defer { self = Excerpt() }
        return String(text[...].withoutBlankEnd)
    }
}
