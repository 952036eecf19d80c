import Glibc

/// Columns and rows of a terminal.
struct ScreenSize: Sendable, Hashable {
    var columns: Int
    var rows: Int

    /// A size that can be drawn on: terminals without a size count as 80 by 24.
    init(columns: Int, rows: Int) {
        self.columns = columns > 0 ? max(16, min(columns, 1_000)) : 80
        self.rows = rows > 0 ? max(4, min(rows, 1_000)) : 24
    }

    /// The size of the terminal behind a descriptor (ioctl_tty(2), TIOCGWINSZ).
    init(of descriptor: Int32) {
        var size = winsize()
        let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0
        self.init(columns: isKnown ? Int(size.ws_col) : 0, rows: isKnown ? Int(size.ws_row) : 0)
    }

    /// Whether there is room for the line that names the keys.
    var hasHints: Bool { rows >= 8 }
    /// The rows between the bar and the status.
    var contentRows: Int { rows - (hasHints ? 3 : 2) }
}

extension DiffPrinter {
    /// Prints at the width of the terminal behind a descriptor; 80 columns where it does not say.
    public init(terminal descriptor: Int32) {
        self.init(width: ScreenSize(of: descriptor).columns)
    }
}
