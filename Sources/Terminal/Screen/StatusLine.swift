import Text

/// The last lines of a terminal: what is being waited for, for how long, and the newest output of it;
/// below them what stands meanwhile. Nothing elsewhere.
public struct StatusLine: Sendable {
    private static let tailLines = 3
    /// So much of what a command prints is kept to find its last lines in.
    private static let tailBytes = 4096

    private let style: TerminalStyle
    /// What is waited for; nil for nothing.
    public private(set) var label: String?
    /// Whether the screen shows something else than there is to say.
    public private(set) var isStale = false
    private var since: ContinuousClock.Instant = .now
    private var tail: [UInt8] = []
    /// What stands below, whatever is waited for.
    private var standing = StandingRows()
    /// The widths of the rows on the screen, from the top.
    private var drawn: [Int] = []
    /// The column to go back to when the rows stand below a line that has not ended.
    private var returnColumn: Int?
    private var lastDrawn: ContinuousClock.Instant?

    /// Makes a line that waits for nothing.
    public init(style: TerminalStyle) {
        self.style = style
    }

    /// Whether something is waited for that a person can see.
    public var isActive: Bool { style.isLive && label != nil }

    /// How long ago the lines were drawn; nil if they are not on the screen.
    public var age: Duration? { drawn.isEmpty ? nil : lastDrawn.map { .now - $0 } }

    /// Starts to wait for something.
    public mutating func wait(for label: String) {
        self.label = label.split(separator: "\n").first.map(String.init) ?? ""
        since = .now
        tail = []
        isStale = true
    }

    /// Says more of what is waited for; the time goes on.
    public mutating func rename(_ label: String) {
        guard self.label != nil else { return }
        self.label = label
        isStale = true
    }

    /// Waits for nothing any more.
    public mutating func end() {
        label = nil
        tail = []
        isStale = !drawn.isEmpty
    }

    /// Takes output of what is waited for.
    public mutating func take(_ output: [UInt8]) {
        tail += output
        isStale = true
        if tail.count > Self.tailBytes { tail.removeFirst(tail.count - Self.tailBytes) }
    }

    /// Has rows stand below, whatever is waited for, until others take their place.
    public mutating func keep(_ rows: StandingRows) {
        guard rows != standing else { return }
        standing = rows
        isStale = true
    }

    /// What takes the lines off the screen.
    public mutating func erased() -> String {
        guard style.isLive, !drawn.isEmpty else { return "" }
        // Lines that were drawn for a wider terminal have been broken by it.
        let columns = max(style.columns ?? 80, 1)
        let rows = drawn.reduce(0) { $0 + max(1, ($1 + columns - 1) / columns) }
        drawn = []
        // Row by row: some terminals keep in their history what is cleared down from the top.
        let up = "\u{1B}[A\u{1B}[2K"
        let home = "\r\u{1B}[2K" + String(repeating: up, count: rows - 1)
        return returnColumn.map { home + "\u{1B}[A\u{1B}[\($0 + 1)G" } ?? home
    }

    /// What draws the lines.
    ///
    /// - Parameter column: Where the line of text ends that stands above, if it has not ended.
    public mutating func drawn(at column: Int = 0) -> String {
        guard isActive, let label else { return "" }
        let columns = (style.columns ?? 80) - 1
        var lines = [head(label, columns: columns)]
        lines += lastLines.map { ("  " + $0).cut(toColumns: columns) }
        let rows = standing.shown(onRows: style.rows ?? 24)
        let kept = rows.map { $0.text.cut(toColumns: columns) }
        drawn = (lines + kept).map(\.cellWidth)
        returnColumn = column > 0 ? column : nil
        lastDrawn = .now
        isStale = false
        let styled = lines.map { style(.faint, $0) } + zip(rows, kept).map { style($0.tone, $1) }
        return (column > 0 ? "\n" : "") + styled.joined(separator: "\n")
    }

    private func head(_ label: String, columns: Int) -> String {
        let seconds = (ContinuousClock.now - since).components.seconds
        let time = seconds > 0 ? " · \(Duration.seconds(seconds).spelled)" : ""
        let hint = " · ctrl-C stops"
        // A line that wraps could not be taken away again.
        let room = max(8, columns - time.cellWidth - 2)
        let hasRoom = label.cellWidth + hint.cellWidth <= room
        return "· " + label.cut(toColumns: room) + time + (hasRoom ? hint : "")
    }

    /// The last lines of the output; of one that was written over, as by a progress bar, the last state.
    private var lastLines: [String] {
        guard !tail.isEmpty else { return [] }
        return tail.split(separator: 0x0A).reversed().lazy.map { line in
            let states = line.split(separator: 0x0D).map {
                String(decoding: $0, as: UTF8.self).withoutStyling.markedLine
            }
            return states.last { $0.contains { $0 != " " } } ?? ""
        }.filter { !$0.isEmpty }.prefix(Self.tailLines).reversed()
    }
}
