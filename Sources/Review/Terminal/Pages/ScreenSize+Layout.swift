import Terminal

extension ScreenSize {
    /// Whether there is room for the line that names the keys.
    var hasHints: Bool { rows >= 8 }
    /// The rows between the bar and the status.
    var contentRows: Int { rows - (hasHints ? 3 : 2) }
}
