import Glibc

/// Columns and rows of a terminal.
public struct ScreenSize: Sendable, Hashable {
    /// How many columns it has.
    public let columns: Int
    /// How many rows it has.
    public let rows: Int

    /// A size that can be drawn on: terminals without a size count as 80 by 24.
    public init(columns: Int, rows: Int) {
        self.columns = columns > 0 ? max(16, min(columns, 1_000)) : 80
        self.rows = rows > 0 ? max(4, min(rows, 1_000)) : 24
    }

    /// The size of the terminal behind a descriptor.
    init(of descriptor: Int32) {
        let size = Self.reported(descriptor)
        self.init(columns: Int(size?.ws_col ?? 0), rows: Int(size?.ws_row ?? 0))
    }

    /// The columns of the terminal behind a descriptor; nil if it is none, or one that does not say.
    public static func columns(of descriptor: Int32) -> Int? {
        reported(descriptor).flatMap { $0.ws_col > 0 ? Int($0.ws_col) : nil }
    }

    /// The rows of the terminal behind a descriptor; nil if it is none, or one that does not say.
    static func rows(of descriptor: Int32) -> Int? {
        reported(descriptor).flatMap { $0.ws_row > 0 ? Int($0.ws_row) : nil }
    }

    /// The columns that standard output has left beside `others`; no limit for a file or a pipe.
    public static func columns(beside others: Int, atLeast least: Int) -> Int {
        columns(of: STDOUT_FILENO).map { max(least, $0 - others) } ?? Int.max
    }

    /// What the terminal says (ioctl_tty(2), TIOCGWINSZ).
    private static func reported(_ descriptor: Int32) -> winsize? {
        var size = winsize()
        return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 ? size : nil
    }
}

extension DiffPrinter {
    /// Prints at the width of the terminal behind a descriptor; 80 columns where it does not say.
    public init(terminal descriptor: Int32) {
        self.init(width: ScreenSize(of: descriptor).columns)
    }
}
