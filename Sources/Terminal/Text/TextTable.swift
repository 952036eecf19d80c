import Text

/// Rows in aligned columns, for people; the last column gets what room is left.
public struct TextTable: Sendable {
    /// How a column is set.
    public struct Column: Sendable {
        let title: String
        let isRight: Bool
        let isPath: Bool

        /// Makes a column.
        ///
        /// - Parameters:
        ///   - isRight: Whether its cells stand at its right edge.
        ///   - isPath: Whether its cells may lose their beginnings where there is little room.
        public init(title: String, isRight: Bool = false, isPath: Bool = false) {
            self.title = title
            self.isRight = isRight
            self.isPath = isPath
        }
    }

    private static let leastPath = 8
    private static let leastText = 20

    private let columns: [Column]
    private var rows: [[String]] = []

    /// Makes a table without rows.
    public init(_ columns: [Column]) {
        self.columns = columns
    }

    /// Adds a row; each cell is put on one line, and what a terminal would obey is marked.
    public mutating func add(_ cells: [String]) {
        rows.append(cells.map(\.markedLine))
    }

    /// The lines of the table, cut to a width as far as the columns before the last allow; nil for no limit.
    public func lines(width: Int?, style: TerminalStyle) -> [String] {
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
}
