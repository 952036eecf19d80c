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
        let title = style(.strong, session.branch) + style(.faint, " · \(count) · \(session.standing.text)") + "\n"
        guard !series.isEmpty else { return title + "\n  There is nothing to review.\n" }
        return title + "\n" + table + hints
    }

    private var table: String {
        let room = ScreenSize.columns(beside: 48, atLeast: 32)
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
            let line = [
                row.number.aligned(to: widths.0), style(.warning, commit.id.hex.prefix(10)),
                row.subject.padded(to: widths.1), style(.faint, row.files.aligned(to: widths.2)),
                style(.good, row.added.aligned(to: widths.3)), style(.bad, row.removed.aligned(to: widths.4)),
                state(of: commit),
            ].joined(separator: "  ")
            return "  " + line + "\n"
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
        let next = "  look: graft review show \(number)   take: graft review accept \(number), or accept --all"
        return "\n" + style(.faint, next) + "\n"
    }
}

extension String {
    /// The name of a branch as a person says it.
    var branchName: String { hasPrefix("refs/heads/") ? String(dropFirst("refs/heads/".count)) : self }

    /// The text behind spaces up to a width.
    func aligned(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
