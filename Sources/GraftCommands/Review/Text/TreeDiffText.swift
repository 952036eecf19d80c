import Repository
import Review
import Terminal
import Text

/// A difference with its pieces numbered, for a person.
struct TreeDiffText {
    private let diff: TreeDiff
    private let style: TerminalStyle

    init(_ diff: TreeDiff, style: TerminalStyle) {
        self.diff = diff
        self.style = style
    }

    /// With the words that differ on a terminal, as a plain diff elsewhere.
    var text: String { style.hasColor ? printed : plain }

    private var printed: String {
        var printer = DiffPrinter(terminal: 1)
        printer.showsNumbers = true
        return printer.rows(of: diff).map { $0.line.escaped(hasColor: true) + "\n" }.joined()
    }

    private var plain: String {
        diff.files.indices.map { position in
            let file = diff.files[position]
            let pieces = diff.pieces.filter { $0.file == position }
            let whole = pieces.first { $0.hunk == nil }
            let head = (whole.map { number($0.id) } ?? "") + title(file) + "\n"
            let hunks = file.hunks.enumerated().map { index, hunk in
                hunkText(hunk, number: pieces.first { $0.hunk == index }?.id)
            }
            return head + hunks.joined()
        }.joined(separator: "\n")
    }

    private func number(_ id: Int) -> String { style(.warning, "[\(id)]") + " " }

    private func title(_ file: FileDiff) -> String {
        let name = file.kind == .renamed ? "\(file.oldPath?.text ?? "") → \(file.path.text)" : file.path.text
        let tone: TextTone = file.kind == .added ? .good : file.kind == .deleted ? .bad : .strong
        var notes: [String] = []
        if file.isBinary { notes.append("binary") }
        if file.oldMode != 0, file.newMode != 0, file.oldMode != file.newMode {
            notes.append("mode \(String(file.oldMode, radix: 8)) → \(String(file.newMode, radix: 8))")
        }
        let lines =
            file.isBinary ? "" : "  " + style(.good, "+\(file.addedLines)") + " " + style(.bad, "-\(file.removedLines)")
        return style(tone, "\(file.kind.rawValue) \(name.markedLine)") + lines
            + (notes.isEmpty ? "" : style(.faint, "  " + notes.joined(separator: ", ")))
    }

    private func hunkText(_ hunk: DiffHunk, number id: Int?) -> String {
        let range = "@@ -\(hunk.oldStart),\(hunk.oldCount) +\(hunk.newStart),\(hunk.newCount) @@"
        let heading = hunk.heading.isEmpty ? "" : " " + hunk.heading.markedLine
        let lines = hunk.lines.map { line in
            let text = line.text.marked
            let note = line.hasNewline ? "" : style(.faint, " (no newline at the end)")
            return switch line.kind {
            case .added: style(.good, "+\(text)") + note + "\n"
            case .removed: style(.bad, "-\(text)") + note + "\n"
            case .context: " \(text)\(note)\n"
            }
        }
        return (id.map(number) ?? "") + style(.place, range) + style(.faint, heading) + "\n" + lines.joined()
    }
}
