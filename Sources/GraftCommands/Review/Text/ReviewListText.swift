import Agent
import Evidence
import Repository
import Review
import Session
import Terminal
import Text

/// The series as a table for a person.
struct ReviewListText {
    private let session: ReviewSession
    private let series: [ReviewedCommit]
    private let style: TerminalStyle

    init(_ session: ReviewSession, _ series: [ReviewedCommit], style: TerminalStyle) {
        self.session = session
        self.series = series
        self.style = style
    }

    var text: String {
        if let want = session.want, series.isEmpty { return style.filled("\(want)".marked) + "\n" }
        let count = series.count == 1 ? "1 commit" : "\(series.count) commits"
        let about = style(.strong, session.branch) + style(.faint, " · \(count) · \(session.standing.text)")
        let title = style.filled(about, indent: 2) + "\n"
        guard !series.isEmpty else { return title + "\n  There is nothing to review.\n" }
        return title + doubts + "\n" + table + hints
    }

    /// What a person has to judge before taking the series.
    private var doubts: String {
        guard session.standing.text == Verdict.needsReview.rawValue,
            let verification = session.summary.result?.verification
        else { return "" }
        let lines = ProofText(style: style).lines(verification)
        return "\n" + lines.map { style.filled("  \($0)", indent: 4) + "\n" }.joined()
    }

    private var table: String {
        // A narrow screen has room for what names a commit and what became of it.
        let isNarrow = ScreenSize.columns(beside: 48, atLeast: 0) < 32
        let room = isNarrow ? ScreenSize.columns(beside: 30, atLeast: 8) : ScreenSize.columns(beside: 48, atLeast: 32)
        let rows = series.map { commit in
            (
                number: "\(commit.number)", subject: commit.subject.markedLine.cut(toColumns: room),
                files: commit.files.count == 1 ? "1 file" : "\(commit.files.count) files",
                added: "+\(commit.addedLines)", removed: "-\(commit.removedLines)"
            )
        }
        func width(_ column: (Int) -> String) -> Int { rows.indices.map { column($0).count }.max() ?? 0 }
        let widths = (
            width { rows[$0].number }, width { rows[$0].subject }, width { rows[$0].files }, width { rows[$0].added },
            width { rows[$0].removed }
        )
        return zip(series, rows).map { commit, row in
            let (id, files) = (
                style(.warning, commit.id.hex.prefix(10)), style(.faint, row.files.aligned(to: widths.2))
            )
            let cells: [String?] = [
                row.number.aligned(to: widths.0), isNarrow ? nil : id, row.subject.padded(to: widths.1),
                isNarrow ? nil : files, style(.good, row.added.aligned(to: widths.3)),
                style(.bad, row.removed.aligned(to: widths.4)), state(of: commit),
            ]
            return "  " + cells.compactMap(\.self).joined(separator: "  ") + "\n"
        }.joined()
    }

    private func state(of commit: ReviewedCommit) -> String {
        let own = commit.evidence.own.map {
            style($0.isPassing ? .good : .bad, $0.isPassing ? "✓ passes" : "✗ \($0.report.ending)")
        }
        return switch commit.state {
        case .pending: own ?? style(.faint, "· pending")
        case .accepted(let new, let reference):
            style(.good, "✓ on \(reference.branchName)")
                + (new == commit.id ? "" : style(.faint, " as \(new.hex.prefix(10))"))
        }
    }

    private var hints: String {
        guard let first = series.first(where: { !$0.isAccepted }) else { return "" }
        let number = first.number
        let hints = ["look: graft review show \(number)", "take: graft review accept \(number), or accept --all"]
        let line = "  " + hints.joined(separator: "   ")
        let fits = line.cellWidth <= ScreenSize.columns(beside: 0, atLeast: 0)
        let lines = fits ? [line] : hints.map { style.filled("  \($0)", indent: 8) }
        return "\n" + lines.map { style(.faint, $0) + "\n" }.joined()
    }
}

extension String {
    /// The name of a branch as a person says it.
    var branchName: String { hasPrefix("refs/heads/") ? String(dropFirst("refs/heads/".count)) : self }

    /// The text behind spaces up to a width.
    func aligned(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
