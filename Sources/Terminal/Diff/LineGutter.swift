import Repository

/// The columns left of a diff's text: line numbers as far as there is room, and the sign.
struct LineGutter {
    private let digits: Int
    private let columns: Int

    /// Both numbers on wide screens, one on narrow ones, none on very narrow ones.
    init(_ file: FileDiff, width: Int) {
        let last = file.hunks.last.map { max($0.oldStart + $0.oldCount, $0.newStart + $0.newCount) } ?? 0
        digits = max(2, String(last).count)
        columns = width >= 72 ? 2 : width >= 36 ? 1 : 0
    }

    /// The columns it takes, with the sign.
    var width: Int { columns * (digits + 1) + 2 }

    /// The gutter of a line, or of a row that goes on with it.
    func line(for line: MarkedLine, isFirst: Bool) -> StyledLine {
        let shown =
            columns == 2
            ? [line.oldNumber, line.newNumber] : columns == 1 ? [line.newNumber ?? line.oldNumber] : []
        var gutter = StyledLine()
        for number in shown {
            let text = isFirst ? number.map { String($0) } ?? "" : ""
            gutter.append(String(repeating: " ", count: max(0, digits - text.count)) + text + " ", .faint)
        }
        let sign =
            switch line.kind {
            case .context: " "
            case .added: "+"
            case .removed: "-"
            }
        gutter.append(isFirst ? sign : line.kind == .context ? " " : "┆", line.kind.tone)
        gutter.append(" ")
        return gutter
    }

    /// A remark below a line.
    func note(_ text: String) -> StyledLine {
        StyledLine(String(repeating: " ", count: width - 2) + "\\ " + text, .faint)
    }
}

/// The text of a line with its words marked and its tabs expanded.
struct DiffText {
    /// How far apart tab stops are.
    static let tabWidth = 4
    let line: StyledLine

    init(_ marked: MarkedLine) {
        var line = StyledLine()
        for span in marked.spans {
            let tone = span.isChanged ? marked.kind.wordTone : marked.kind.tone
            switch span.kind {
            case .text: line.append(span.text, tone)
            case .invisible: line.append(span.text, .invisible)
            case .tab: for _ in span.text.unicodeScalars { line.append(Self.tab(at: line.width, " "), tone) }
            case .trailing:
                for scalar in span.text.unicodeScalars {
                    line.append(scalar == "\t" ? Self.tab(at: line.width, "→") : "·", marked.kind.wordTone)
                }
            }
        }
        self.line = line
    }

    private static func tab(at column: Int, _ first: String) -> String {
        first + String(repeating: " ", count: tabWidth - column % tabWidth - 1)
    }
}

extension DiffLine.Kind {
    var tone: TextTone {
        switch self {
        case .context: .plain
        case .added: .added
        case .removed: .removed
        }
    }

    var wordTone: TextTone {
        switch self {
        case .context: .plain
        case .added: .addedWord
        case .removed: .removedWord
        }
    }
}
