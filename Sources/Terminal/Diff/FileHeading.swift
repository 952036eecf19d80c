import Repository
import Text

/// The heading of a file in a diff: what happened to it, its name, its mode, how many lines.
struct FileHeading {
    private let file: FileDiff
    private let width: Int

    init(_ file: FileDiff, width: Int) {
        self.file = file
        self.width = width
    }

    /// One line, and one for the name before if the file was renamed and both do not fit into one.
    var lines: [StyledLine] {
        var line = StyledLine(file.kind.rawValue, file.kind.tone)
        line.append(" ")
        let tail = figures
        let room = max(8, width - line.width - tail.width)
        let name = file.path.text.markedLine
        let old = file.kind == .renamed ? file.oldPath.map(\.text.markedLine) : nil
        let both = old.map { "\($0) → \(name)" } ?? name
        if both.cellWidth <= room || old == nil {
            line.append(Self.shortened(both, to: room), .strong)
        } else {
            line.append(Self.shortened(name, to: room), .strong)
        }
        line.append(tail)
        guard let old, both.cellWidth > room else { return [line.cut(to: width)] }
        return [line.cut(to: width), StyledLine("  from " + Self.shortened(old, to: max(8, width - 7)), .faint)]
    }

    private var figures: StyledLine {
        var line = StyledLine()
        if file.addedLines > 0 { line.append("  +\(file.addedLines)", .good) }
        if file.removedLines > 0 {
            line.append(line.width > 0 ? " −\(file.removedLines)" : "  −\(file.removedLines)", .bad)
        }
        let notes = self.notes
        if !notes.isEmpty { line.append("  " + notes.joined(separator: ", "), .faint) }
        return line
    }

    private var notes: [String] {
        var notes: [String] = []
        switch (file.oldMode, file.newMode) {
        case (0, 0o100644), (0o100644, 0), (0, 0), (0o100755, 0), (0o120000, 0): break
        case (0, 0o100755): notes.append("executable")
        case (0, 0o120000), (0o120000, 0o120000): notes.append("link")
        case (0, 0o160000), (0o160000, _): notes.append("submodule")
        case (0o100644, 0o100755): notes.append("now executable")
        case (0o100755, 0o100644): notes.append("no longer executable")
        case (_, 0o120000): notes.append("now a link")
        case (0o120000, _): notes.append("no longer a link")
        case let (old, new) where old != new:
            notes.append("mode \(String(old, radix: 8)) → \(String(new, radix: 8))")
        default: break
        }
        if file.isBinary { notes.append("binary") }
        if file.hunks.isEmpty, !file.isBinary, file.oldMode == file.newMode || file.oldMode == 0 || file.newMode == 0 {
            notes.append(file.kind == .renamed ? "content unchanged" : "empty")
        }
        return notes
    }

    /// A path cut at its start, because its end says most.
    static func shortened(_ path: String, to width: Int) -> String {
        guard path.cellWidth > width else { return path }
        var (tail, room) = (Substring.UnicodeScalarView(), width - 1)
        for scalar in path.unicodeScalars.reversed() {
            room -= scalar.cellWidth
            guard room >= 0 else { break }
            tail.append(scalar)
        }
        return "…" + String(String.UnicodeScalarView(tail.reversed()))
    }
}

extension FileChangeKind {
    fileprivate var tone: TextTone {
        switch self {
        case .added: .good
        case .deleted: .bad
        case .modified, .renamed: .warning
        }
    }
}
