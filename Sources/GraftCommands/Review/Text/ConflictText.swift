import Repository
import Terminal
import Text

/// The places in which two changes meet, for a person.
struct ConflictText {
    private let conflict: SeriesConflict
    private let style: TerminalStyle

    init(_ conflict: SeriesConflict, style: TerminalStyle) {
        self.conflict = conflict
        self.style = style
    }

    var text: String { conflict.files.map(file).joined(separator: "\n") }

    private func file(_ file: FileConflict) -> String {
        let explanation =
            switch file.kind {
            case .content: ""
            case .binary: ": both sides changed it, and it cannot be merged by lines"
            case .bothAdded: ": both sides added it"
            case .missing: ": it is not there, and the commit changes it"
            case .deleted: ": it has changed, and the commit deletes it"
            }
        let head = style(.strong, file.path.text.markedLine) + explanation + "\n"
        return head + file.hunks.map(hunk).joined()
    }

    private func hunk(_ hunk: ConflictHunk) -> String {
        func side(_ name: String, _ side: ConflictHunk.Side, _ tone: TextTone) -> String {
            let place =
                side.lines.count < 2 ? "line \(side.line)" : "lines \(side.line)-\(side.line + side.lines.count - 1)"
            let lines = side.lines.map { "      " + style(tone, $0.marked) + "\n" }.joined()
            return "    " + style(.faint, "\(name), \(place)") + "\n" + lines
        }
        return side("there now", hunk.ours, .bad) + side("before the commit", hunk.base, .faint)
            + side("as the commit wants it", hunk.theirs, .good)
    }
}
