import Terminal
import Text

extension ReviewMachine {
    /// Takes the outcome of an action, and selects the commit to review next.
    mutating func finish(_ action: ReviewAction, _ outcome: ReviewOutcome) -> [ReviewEffect] {
        work = nil
        let (before, place) = (overview, selected)
        overview = outcome.overview
        status = StyledLine(outcome.message.markedLine, outcome.isDone ? .good : .bad)
        let wasList = if case .list = mode { true } else { false }
        if outcome.isDone { selected = position(after: action, before: before) }
        selected = max(0, min(selected, overview.entries.count - 1))
        diffs = diffs.filter { id, _ in overview.entries.contains { $0.id == id } }
        var details = outcome.details
        var title = outcome.message.markedLine
        if !outcome.isDone, title.cellWidth > size.columns {
            // A reason that does not fit into the status line is shown as a page.
            details = [StyledLine(title, .bad)] + (details.isEmpty ? [] : [""]) + details
            title = "Not done"
        }
        guard details.isEmpty else {
            show(TextPage(title: title, lines: details, isBackToList: wasList))
            return []
        }
        let isOver = overview.pendingCount == 0 && before.pendingCount > 0
        guard !wasList, !isOver else {
            mode = .list
            return []
        }
        // A check or a refusal leaves the reader where they were.
        let row = selected == place && before.entries.map(\.id) == overview.entries.map(\.id) ? top : 0
        let effects = showCommit()
        scroll(to: row)
        return effects
    }

    private func position(after action: ReviewAction, before: ReviewOverview) -> Int {
        switch action {
        case .accept: overview.pending(from: selected + 1) ?? selected
        case .drop: overview.pending(from: selected) ?? selected
        case .squash: selected - 1
        case .reword, .split, .verify: selected
        case .undo:
            overview.entries.indices.first { index in
                let old = before.entries.indices.contains(index) ? before.entries[index] : nil
                return old?.id != overview.entries[index].id || old?.acceptedAs != overview.entries[index].acceptedAs
            } ?? selected
        }
    }
}

extension ReviewMachine {
    /// Takes the series as it stands on disk now.
    mutating func refresh(_ overview: ReviewOverview) {
        self.overview = overview
        selected = max(0, min(selected, overview.entries.count - 1))
        if case .commit = mode, entry == nil { mode = .list }
        refreshPage()
    }
}
