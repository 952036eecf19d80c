import Glibc
import Text

/// Rows in aligned columns, for people; the last column gets what room is left.
struct TextTable {
    /// How a column is set.
    struct Column {
        let title: String
        var isRight = false
        /// Whether its cells may lose their beginnings where there is little room.
        var isPath = false
    }

    private static let leastPath = 8
    private static let leastText = 20

    private let columns: [Column]
    private var rows: [[String]] = []

    init(_ columns: [Column]) {
        self.columns = columns
    }

    /// Adds a row; text of others is made harmless, and put on one line.
    mutating func add(_ cells: [String]) {
        rows.append(
            cells.map { cell in
                cell.marked.split(whereSeparator: { $0.isNewline || $0 == "\t" }).joined(separator: " ")
            })
    }

    /// The table's lines; with a width, none is longer than that as far as the columns before the last allow.
    func lines(width: Int?, style: TerminalStyle) -> [String] {
        let all = [columns.map(\.title)] + rows
        var widths = columns.indices.map { column in all.map { $0[column].cellWidth }.max() ?? 0 }
        if let width, let path = columns.firstIndex(where: \.isPath) {
            let text = min(widths.last ?? 0, Self.leastText)
            let excess = widths.dropLast().reduce(0, +) + 2 * (widths.count - 1) + text - width
            widths[path] = max(min(widths[path], Self.leastPath), widths[path] - max(0, excess))
        }
        return all.enumerated().map { position, row in
            var line = ""
            for (index, whole) in row.enumerated() {
                let cell = columns[index].isPath ? whole.cut(fromStartToColumns: widths[index]) : whole
                let space = String(repeating: " ", count: max(0, widths[index] - cell.cellWidth))
                if index == row.count - 1 {
                    let room = width.map { max(8, $0 - line.cellWidth) }
                    line += room.map { cell.cut(toColumns: $0) } ?? cell
                } else {
                    line += (columns[index].isRight ? space + cell : cell + space) + "  "
                }
            }
            while line.last == " " { line.removeLast() }
            return position == 0 ? style(.faint, line) : line
        }
    }

    /// The columns that standard output leaves beside others; a file or a pipe takes everything.
    static func room(beside columns: Int, atLeast least: Int) -> Int {
        width(of: 1).map { max(least, $0 - columns) } ?? Int.max
    }

    /// The columns of the terminal behind a descriptor; nil if it is none.
    static func width(of descriptor: Int32) -> Int? {
        var size = winsize()
        guard isatty(descriptor) == 1, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return nil
        }
        return Int(size.ws_col)
    }
}

extension String {
    /// A path as a person writes it, with `~` for the home folder.
    func shortened(from home: String?) -> String {
        guard let home, !home.isEmpty, hasPrefix(home + "/") else { return self }
        return "~" + dropFirst(home.count)
    }

    /// The beginning that fits, with an ellipsis if something is left out.
    func cut(toColumns limit: Int) -> String {
        guard cellWidth > limit else { return self }
        var text = ""
        var room = limit - 1
        for character in self {
            room -= String(character).cellWidth
            if room < 0 { break }
            text.append(character)
        }
        return text + "…"
    }

    /// The end that fits, with an ellipsis if something is left out.
    func cut(fromStartToColumns limit: Int) -> String {
        cellWidth > limit ? String(String(reversed()).cut(toColumns: limit).reversed()) : self
    }
}
