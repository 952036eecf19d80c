import Repository
import Terminal
import Text

extension ReviewMachine {
    /// The screen as it should look: as many lines as it has rows.
    var screen: [StyledLine] {
        let (columns, rows) = (size.columns, size.contentRows)
        var lines = [bar.cut(to: columns).padded(to: columns, .bar)]
        var content = visibleContent
        content += Array(repeating: StyledLine(), count: max(0, rows - content.count))
        lines += content.prefix(rows).map { $0.cut(to: columns) }
        lines.append(statusLine)
        if size.hasHints { lines.append(hintLine) }
        return lines
    }

    private var visibleContent: [StyledLine] {
        let range = { (count: Int) in min(top, count)..<min(top + size.contentRows, count) }
        switch mode {
        case .list: return SeriesPage(overview, selected: selected, size: size).lines
        case .commit: return page.rows[range(page.rows.count)].map(\.line)
        case .split(let choice): return choice.rows[range(choice.rows.count)].map(\.line)
        case .text(let page):
            let lines = page.rows(width: size.columns)
            return Array(lines[range(lines.count)])
        }
    }

    /// The line at the top: the position in the review.
    private var bar: StyledLine {
        switch mode {
        case .list: return StyledLine(" graft review \(overview.session)", .bar)
        case .text(let page): return StyledLine(" \(page.title)", .bar)
        case .split(let choice):
            let place = min(choice.position + 1, choice.diff.pieces.count)
            return StyledLine(
                " Split: hunk \(place) of \(choice.diff.pieces.count), \(choice.taken.count) taken  "
                    + (entry?.subject.markedLine ?? ""), .bar)
        case .commit:
            guard let entry else { return StyledLine("", .bar) }
            let figures = "+\(entry.added) −\(entry.removed) "
            var line = StyledLine(" \(selected + 1)/\(overview.entries.count) \(entry.stateName)", .bar)
            if top >= page.subjectRows { line.append("  " + entry.subject.markedLine, .bar) }
            line = line.cut(to: max(0, size.columns - figures.cellWidth - 2))
            line = line.padded(to: size.columns - figures.cellWidth, .bar)
            line.append(figures, .bar)
            return line
        }
    }

    /// The status line: the last outcome or the current work, and the position in the content.
    private var statusLine: StyledLine {
        var line: StyledLine
        if let work {
            line = StyledLine(work, .warning)
        } else if case .split = mode {
            line = StyledLine("Take this hunk into a commit of its own?", .strong)
        } else if case .text = mode {
            // The title says what happened.
            line = StyledLine()
        } else {
            line = status ?? StyledLine()
        }
        guard let position else { return line.cut(to: size.columns) }
        line = line.cut(to: max(0, size.columns - position.cellWidth - 1))
        line = line.padded(to: size.columns - position.cellWidth)
        line.append(position, .faint)
        return line
    }

    private var position: String? {
        if case .list = mode { return nil }
        guard contentCount > size.contentRows else { return nil }
        let end = top + size.contentRows
        return end >= contentCount ? "end" : "\(end * 100 / contentCount)%"
    }

    /// The keys, as many as fit; the last one is always shown.
    private var hintLine: StyledLine {
        let (keys, last) = hints
        var line = StyledLine()
        let room = size.columns - last.0.cellWidth - last.1.cellWidth - 1
        for (key, meaning) in keys {
            guard line.width + key.cellWidth + meaning.cellWidth + 3 <= room else { break }
            line.append(key, .place)
            line.append(" \(meaning)  ", .faint)
        }
        line.append(last.0, .place)
        line.append(" \(last.1)", .faint)
        return line.cut(to: size.columns)
    }

    private var hints: ([(String, String)], last: (String, String)) {
        let actions = [
            ("a", "accept"), ("d", "drop"), ("e", "edit"), ("s", "split"), ("m", "squash"), ("v", "verify"),
            ("u", "undo"),
        ]
        switch mode {
        case .list:
            return (
                [("enter", "look"), ("j k", "move")] + actions.prefix(2) + [("u", "undo"), ("q", "quit")], ("?", "keys")
            )
        case .commit where entry?.isPending == false:
            return (
                [("n", "next"), ("p", "previous"), ("v", "verify"), ("u", "undo"), ("l", "list"), ("q", "quit")],
                ("?", "keys")
            )
        case .commit: return (actions + [("n", "next"), ("l", "list"), ("q", "quit")], ("?", "keys"))
        case .split:
            return (
                [("y", "take"), ("n", "leave"), ("a", "all the rest"), ("d", "none of it"), ("p", "back")],
                ("q", "cancel")
            )
        case .text: return ([("j k", "scroll")], ("any other key", "goes on"))
        }
    }
}

extension ReviewOverview.Entry {
    /// The state in one word.
    var stateName: String { isPending ? "pending" : "accepted" }
}
