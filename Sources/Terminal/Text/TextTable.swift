import Text

/// Rows in aligned columns, for people; the last column gets what room is left, and no row is wider than the screen.
public struct TextTable: Sendable {
    /// How a column is set.
    public struct Column: Sendable {
        let title: String
        let isRight: Bool
        let isPath: Bool
        let isSpare: Bool

        /// Makes a column.
        ///
        /// - Parameters:
        ///   - isRight: Whether its cells stand at its right edge.
        ///   - isPath: Whether its cells may lose their beginnings where there is little room.
        ///   - isSpare: Whether it is left out where there is too little room; the last of them goes first, and a path
        ///     goes after the others.
        public init(title: String, isRight: Bool = false, isPath: Bool = false, isSpare: Bool = false) {
            self.title = title
            self.isRight = isRight
            self.isPath = isPath
            self.isSpare = isSpare
        }
    }

    /// A path shorter than that says too little, and so does a text: other columns are left out for them.
    private static let leastPath = 12
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

    /// The lines of the table, none wider than a width; nil for no limit.
    public func lines(width: Int?, style: TerminalStyle) -> [String] {
        let all = [columns.map(\.title)] + rows
        var widths = columns.indices.map { column in all.map { $0[column].cellWidth }.max() ?? 0 }
        let shown = width.map { fit(&widths, into: $0) } ?? Array(columns.indices)
        return all.enumerated().map { position, row in
            var line = ""
            for index in shown {
                let cell = columns[index].isPath ? row[index].cut(fromStartToColumns: widths[index]) : row[index]
                let space = String(repeating: " ", count: max(0, widths[index] - cell.cellWidth))
                if index == columns.count - 1 {
                    line += width.map { cell.cut(toColumns: $0 - line.cellWidth) } ?? cell
                } else {
                    line += (columns[index].isRight ? space + cell : cell + space) + "  "
                }
            }
            while line.last == " " { line.removeLast() }
            line = width.map { line.cut(toColumns: $0) } ?? line
            return position == 0 ? style(.faint, line) : line
        }
    }

    /// Narrows the path and leaves out columns until there is room for the text; returns the columns that are left.
    private func fit(_ widths: inout [Int], into width: Int) -> [Int] {
        var shown = Array(columns.indices)
        guard let last = shown.last else { return [] }
        let least = columns.indices.map { index in
            if index == last { return min(widths[index], Self.leastText) }
            return columns[index].isPath
                ? min(widths[index], max(Self.leastPath, columns[index].title.cellWidth)) : widths[index]
        }
        func need() -> Int { shown.reduce(2 * (shown.count - 1)) { $0 + least[$1] } }
        while need() > width {
            let spare = shown.filter { columns[$0].isSpare }
            guard let next = spare.last(where: { !columns[$0].isPath }) ?? spare.last else { break }
            shown.removeAll { $0 == next }
        }
        if let path = shown.first(where: { columns[$0].isPath }) {
            widths[path] = min(widths[path], least[path] + max(0, width - need()))
        }
        // What is left of a column in less room than its title needs says nothing.
        while shown.count > 1, let end = shown.last {
            let room = width - shown.dropLast().reduce(0) { $0 + widths[$1] + 2 }
            guard room < (end == last ? min(widths[end], columns[end].title.cellWidth) : widths[end]) else { break }
            shown.removeLast()
        }
        return shown
    }
}
