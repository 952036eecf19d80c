import Glibc

/// The last line of a terminal, which says what is being waited for; nothing elsewhere.
public struct StatusLine: Sendable {
    private let isLive: Bool
    private var label: String?
    private var since: ContinuousClock.Instant = .now
    private var isDrawn = false

    /// Makes a line that waits for nothing.
    public init(isLive: Bool) {
        self.isLive = isLive
    }

    /// Starts waiting for something; returns what to write.
    public mutating func show(_ label: String) -> String? {
        guard isLive else { return nil }
        self.label = label.split(separator: "\n").first.map(String.init) ?? ""
        since = .now
        isDrawn = true
        return text
    }

    /// Stops waiting; returns what to write.
    public mutating func hide() -> String? {
        guard isLive else { return nil }
        label = nil
        return ""
    }

    /// What removes the line from the screen.
    public mutating func clear() -> String {
        guard isLive, isDrawn else { return "" }
        isDrawn = label != nil
        return "\r\u{1B}[K"
    }

    /// What draws the line anew; nil if there is nothing to draw.
    public mutating func redraw() -> String? {
        guard isLive, label != nil else { return nil }
        isDrawn = true
        return "\r\u{1B}[K" + text
    }

    /// The line as it stands.
    public var text: String {
        guard isLive, let label else { return "" }
        let seconds = (ContinuousClock.now - since).components.seconds
        let time = seconds > 0 ? " \(seconds) s" : ""
        // A line that wraps could not be taken away again.
        let room = max(8, (ScreenSize.columns(of: STDOUT_FILENO) ?? 80) - time.count - 3)
        return "\u{1B}[2m· \(label.cut(toColumns: room))\(time)\u{1B}[0m"
    }
}
