import Terminal
import Text

/// The series as rows, as many as the screen has room for.
struct SeriesPage {
    private let overview: ReviewOverview
    private let selected: Int
    private let size: ScreenSize

    init(_ overview: ReviewOverview, selected: Int, size: ScreenSize) {
        self.overview = overview
        self.selected = selected
        self.size = size
    }

    var lines: [StyledLine] {
        var lines = size.rows >= 14 ? facts + [""] : []
        guard !overview.entries.isEmpty else {
            return lines + [StyledLine("No commit is left in this series.", .faint)]
        }
        let room = max(1, size.contentRows - lines.count)
        let first = max(0, min(selected - room / 2, overview.entries.count - room))
        let names = overview.entries.map(figures)
        let widths = names.map(\.width)
        for index in overview.entries.indices.dropFirst(first).prefix(room) {
            lines.append(row(index, figures: names[index], figuresWidth: widths.max() ?? 0))
        }
        return lines
    }

    private var facts: [StyledLine] {
        let width = (overview.facts.map(\.name.count).max() ?? 0) + 2
        return overview.facts.map { fact in
            var line = StyledLine(fact.name, .faint).padded(to: width)
            line.append(fact.value.markedLine)
            return line.cut(to: size.columns)
        }
    }

    private func row(_ index: Int, figures: StyledLine, figuresWidth: Int) -> StyledLine {
        let entry = overview.entries[index]
        var line = StyledLine(index == selected ? "› " : "  ", .strong)
        let number = String(index + 1)
        line.append(String(repeating: " ", count: String(overview.entries.count).count - number.count) + number, .faint)
        line.append("  ")
        let isNarrow = size.columns < 60
        let state = isNarrow ? (entry.isPending ? "·" : "✓") : entry.stateName
        line.append(StyledLine(state, entry.isPending ? .warning : .good).padded(to: isNarrow ? 1 : 8))
        line.append("  ")
        let room = size.columns - line.width - figuresWidth - 2
        line.append(
            StyledLine(entry.subject.markedLine, index == selected ? .strong : entry.isPending ? .plain : .faint)
                .cut(to: room).padded(to: room))
        line.append(String(repeating: " ", count: 2 + figuresWidth - figures.width))
        line.append(figures)
        return line
    }

    private func figures(of entry: ReviewOverview.Entry) -> StyledLine {
        var line = StyledLine("+\(entry.added)", .good)
        line.append(" ")
        line.append("−\(entry.removed)", .bad)
        return line
    }
}
