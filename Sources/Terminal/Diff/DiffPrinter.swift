public import Repository
import Text

/// Prints differences for a terminal, with line numbers, signs, marked words, and names for invisible characters.
public struct DiffPrinter: Sendable {
    /// The columns of the terminal.
    let width: Int
    /// How many rows one line of a file may take before it is cut.
    static let rowLimit = 8
    /// How many rows one file may take before the rest is only counted.
    public var fileLimit = 2_000
    /// Whether pieces show the numbers that `split` takes.
    public var showsNumbers = false

    /// Prints at a width of at least 16 columns.
    public init(width: Int) {
        self.width = max(16, width)
    }

    /// The rows of a whole difference, files apart by an empty row.
    public func rows(of diff: TreeDiff) -> [DiffRow] {
        let pieces = showsNumbers ? Dictionary(grouping: diff.pieces, by: \.file) : [:]
        return diff.files.indices.flatMap { position in
            (position > 0 ? [DiffRow(line: StyledLine(), place: nil)] : [])
                + rows(of: diff.files[position], at: position, pieces: pieces[position] ?? [])
        }
    }

    /// The rows of a piece of a difference, below its file's heading.
    public func rows(of piece: TreeDiff.Piece, in diff: TreeDiff) -> [DiffRow] {
        let file = diff.files[piece.file]
        return rows(of: file, at: piece.file, hunks: piece.hunk.map { [$0] } ?? Array(file.hunks.indices))
    }

    /// The rows of one file.
    ///
    /// - Parameters:
    ///   - position: The file's position in the difference.
    ///   - hunks: The positions of the hunks to print; nil for all.
    ///   - pieces: The pieces of the file, to print their numbers.
    public func rows(
        of file: FileDiff, at position: Int = 0, hunks: [Int]? = nil, pieces: [TreeDiff.Piece] = []
    ) -> [DiffRow] {
        let first = DiffRow.Place(file: position, hunk: nil, newLine: file.hunks.first?.firstChange ?? 1)
        let number = Self.number(pieces.first { $0.hunk == nil })
        var rows = FileHeading(file, width: width - number.width).lines.enumerated().map { index, line in
            DiffRow(line: (index == 0 ? number : StyledLine()).followed(by: line), place: first)
        }
        let gutter = LineGutter(file, width: width)
        let chosen = hunks ?? Array(file.hunks.indices)
        for (count, number) in chosen.enumerated() {
            guard rows.count < fileLimit else {
                let left = chosen[count...].reduce(0) { $0 + file.hunks[$1].lines.count }
                rows.append(DiffRow(line: StyledLine("  … \(left) more lines", .faint), place: rows.last?.place))
                break
            }
            let label = Self.number(pieces.first { $0.hunk == number })
            rows += self.rows(of: file.hunks[number], number, gutter, file: position, label: label)
        }
        return rows
    }

    /// The number in front of a piece; empty without a piece.
    private static func number(_ piece: TreeDiff.Piece?) -> StyledLine {
        StyledLine(piece.map { "[\($0.id)] " } ?? "", .warning)
    }

    private func rows(
        of hunk: DiffHunk, _ number: Int, _ gutter: LineGutter, file: Int, label: StyledLine
    ) -> [DiffRow] {
        var heading = label.followed(by: StyledLine(hunk.range, .place))
        if !hunk.heading.isEmpty { heading.append(" " + hunk.heading.markedLine, .faint) }
        var next = hunk.newCount == 0 ? hunk.newStart + 1 : hunk.newStart
        let start = DiffRow.Place(file: file, hunk: number, newLine: hunk.firstChange)
        var rows = [DiffRow(line: heading.cut(to: width), place: start)]
        for line in MarkedHunk(hunk, limit: fileLimit).lines {
            let place = DiffRow.Place(file: file, hunk: number, newLine: max(1, line.newNumber ?? next))
            rows += self.lines(of: line, gutter).map { DiffRow(line: $0, place: place) }
            if let shown = line.newNumber { next = shown + 1 }
        }
        if hunk.lines.count > fileLimit {
            let note = "  … \(hunk.lines.count - fileLimit) more lines"
            rows.append(DiffRow(line: StyledLine(note, .faint), place: rows.last?.place))
        }
        return rows
    }

    /// A line of a file as rows of the terminal.
    private func lines(of line: MarkedLine, _ gutter: LineGutter) -> [StyledLine] {
        let room = max(8, width - gutter.width)
        let pieces = DiffText(line).line.wrapped(to: room, count: Self.rowLimit + 1)
        var rows = pieces.prefix(Self.rowLimit).enumerated().map { index, piece in
            var row = gutter.line(for: line, isFirst: index == 0)
            row.append(piece)
            return row
        }
        if pieces.count > Self.rowLimit { rows.append(gutter.note("… \(pieces[Self.rowLimit].width) more columns")) }
        if !line.hasNewline { rows.append(gutter.note("no newline at the end of the file")) }
        return rows.map { $0.cut(to: width) }
    }
}

extension DiffHunk {
    /// The numbers as git writes them.
    var range: String {
        func part(_ start: Int, _ count: Int) -> String { count == 1 ? "\(start)" : "\(start),\(count)" }
        return "@@ -\(part(oldStart, oldCount)) +\(part(newStart, newCount)) @@"
    }

    /// The line of the new file at which the first change stands.
    var firstChange: Int {
        let context = lines.prefix { $0.kind == .context }.count
        return max(1, (newCount == 0 ? newStart + 1 : newStart) + context)
    }
}
