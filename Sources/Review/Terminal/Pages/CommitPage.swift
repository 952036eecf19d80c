import Repository
import Terminal
import Text

/// A commit as rows: the reason, the evidence, the difference.
struct CommitPage: Sendable {
    /// The rows from the top down.
    private(set) var rows: [DiffRow] = []
    /// How many rows the subject takes.
    private(set) var subjectRows = 0

    init() {}

    init(_ entry: ReviewOverview.Entry, _ diff: TreeDiff?, width: Int) {
        var lines = StyledLine(entry.subject.markedLine, .strong).filled(to: width)
        subjectRows = lines.count
        if !entry.body.isEmpty {
            lines.append("")
            lines += Self.reflowed(entry.body, width: width).flatMap { StyledLine($0).filled(to: width) }
        }
        if !entry.milestones.isEmpty { lines.append("") }
        for reached in entry.milestones { lines += Self.lines(of: reached, width: width) }
        if !entry.evidence.isEmpty { lines.append("") }
        lines += Self.lines(of: entry.evidence, width: width)
        lines.append("")
        rows = lines.map { DiffRow(line: $0, place: nil) }
        guard let diff else {
            rows.append(DiffRow(line: StyledLine("reading the difference…", .faint), place: nil))
            return
        }
        if diff.files.isEmpty {
            rows.append(DiffRow(line: StyledLine("This commit changes no file.", .faint), place: nil))
        }
        rows += DiffPrinter(width: width).rows(of: diff)
    }

    /// The lines of a text; paragraphs that are too wide are joined, so that they can be filled anew.
    private static func reflowed(_ text: String, width: Int) -> [String] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(\.markedLine)
        guard lines.contains(where: { $0.cellWidth > width }) else { return lines }
        var joined: [String] = []
        for line in lines {
            let isText = line.first.map { $0.isLetter || $0 == "`" || $0 == "(" || $0 == "\"" } ?? false
            if isText, let last = joined.last, !last.isEmpty, last.first != " " {
                joined[joined.count - 1] = last + " " + line
            } else {
                joined.append(line)
            }
        }
        return joined
    }

    private static func lines(of reached: ReviewOverview.Reached, width: Int) -> [StyledLine] {
        var line = StyledLine(reached.isSeen ? "✓ " : "◆ ", reached.isSeen ? .good : .plain)
        let words = StyledLine("\(reached.kind): \(reached.text)".markedLine).filled(to: max(8, width - 2))
        guard let first = words.first else { return [] }
        line.append(first)
        return [line] + words.dropFirst().map { StyledLine("  ").followed(by: $0) }
    }

    /// A table of what was run; on narrow screens the command goes below its ending.
    private static func lines(of evidence: [ReviewOverview.Evidence], width: Int) -> [StyledLine] {
        let momentWidth = evidence.map(\.moment.count).max() ?? 0
        let endingWidth = evidence.map(\.ending.cellWidth).max() ?? 0
        let excerpts = CommandExcerpts(evidence.map(\.command))
        var last = ""
        var shown: Set<String> = []
        return evidence.flatMap { run in
            var line = StyledLine(run.moment == last ? "" : run.moment, .faint).padded(to: momentWidth)
            last = run.moment
            switch run.isGood {
            case true?: line.append("  ✓ ", .good)
            case false?: line.append("  ✗ ", .bad)
            case nil: line.append("  · ", .faint)
            }
            line.append(StyledLine(run.ending.markedLine).padded(to: endingWidth + 2))
            let isNarrow = width - line.width < min(20, run.command.cellWidth)
            let indent = isNarrow ? "    " : String(repeating: " ", count: line.width)
            let room = max(8, width - indent.count)
            let isNew = shown.insert(run.command).inserted
            let command =
                StyledLine(run.command.markedLine).filled(to: room).count > (isNew ? 3 : 1)
                // Between words a row may lose some of its columns.
                ? StyledLine(excerpts.excerpt(of: run.command, columns: isNew ? room * 5 / 2 : room)).filled(to: room)
                : StyledLine(run.command.markedLine).filled(to: room)
            if isNarrow { return [line] + command.map { StyledLine(indent).followed(by: $0) } }
            line.append(command[0])
            return [line] + command.dropFirst().map { StyledLine(indent).followed(by: $0) }
        }
    }

    /// The place of the first row from a position on that has one: what a person looks at.
    func place(from row: Int) -> DiffRow.Place? {
        rows.dropFirst(row).lazy.compactMap(\.place).first ?? rows.prefix(row).lazy.reversed().compactMap(\.place).first
    }
}
