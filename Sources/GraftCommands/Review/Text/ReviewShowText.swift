import Agent
import Glibc
import OS
import Repository
import Review
import Session
import Terminal
import Text

/// One commit with message, evidence and diff, for a person.
struct ReviewShowText {
    private let commit: ReviewedCommit
    private let count: Int
    private let diff: TreeDiff
    private let command: String?
    private let style: TerminalStyle

    init(_ commit: ReviewedCommit, of count: Int, diff: TreeDiff, command: String?, style: TerminalStyle) {
        self.commit = commit
        self.count = count
        self.diff = diff
        self.command = command
        self.style = style
    }

    var text: String { head + message + milestones + evidence + "\n" + TreeDiffText(diff, style: style).text }

    private var head: String {
        let state =
            switch commit.state {
            case .pending: style(.faint, "· pending")
            case .accepted(let new, let reference):
                style(.good, "✓ on \(reference.branchName)")
                    + (new == commit.id ? "" : style(.faint, " as \(new.hex.prefix(10))"))
            }
        let author = commit.commit.author
        return style(.strong, "\(commit.number) of \(count)") + "  " + style(.warning, commit.id.hex.prefix(10)) + "  "
            + state + "\n" + style(.faint, "\(author.name.markedLine), \(author.localTime)") + "\n\n"
    }

    private var message: String {
        let body = commit.body.isEmpty ? "" : "\n" + style.filled(commit.body.marked.indentedLines, indent: nil) + "\n"
        let trailers = commit.trailers.map { style(.faint, "    \($0.key.markedLine): \($0.value.markedLine)") + "\n" }
            .joined()
        return "    " + style(.strong, commit.subject.markedLine) + "\n" + body
            + (trailers.isEmpty ? "" : "\n" + trailers)
    }

    /// What was reached, a paragraph each.
    private var milestones: String {
        let lines = commit.evidence.milestones.map { reached in
            let mark = reached.milestone.reporter == .harness ? style(.good, "✓") : "◆"
            let when = style(.faint, "  (\(reached.place))")
            return style.filled("  " + reached.milestone.line(marked: mark) + when, indent: 4) + "\n"
        }
        return lines.isEmpty ? "" : "\n" + lines.joined()
    }

    /// A command needs so many columns to be told from others.
    private static let leastRoom = 36

    private var evidence: String {
        let evidence = commit.evidence
        var rows: [(label: String, run: CommitEvidence.Run)] = []
        if let baseline = evidence.baseline { rows.append(("at the start", baseline)) }
        rows += evidence.before.map { ("before", $0) }
        rows += evidence.after.map { ("after", $0) }
        if let own = evidence.own {
            rows.append(("on this commit", .init(command: own.command, report: own.report)))
        } else if let last = evidence.verification {
            rows.append(("at the end", last))
        }
        guard !rows.isEmpty else { return "" }
        let endings = rows.map { "\($0.run.ending), \($0.run.report.duration.spelled)" }
        let labels = rows.map(\.label.count).max() ?? 0
        let widths = endings.map(\.count).max() ?? 0
        // Where a row has no room for both, the command stands below its ending.
        let isNarrow = ScreenSize.columns(beside: labels + widths + 10, atLeast: 0) < Self.leastRoom
        let indent = isNarrow ? 6 : labels + widths + 10
        let room = ScreenSize.columns(beside: indent, atLeast: 20)
        let excerpts = CommandExcerpts(rows.map(\.run.command))
        var last = ""
        return "\n"
            + zip(rows, endings).map { row, ending in
                let label = row.label == last ? "" : row.label
                last = row.label
                let mark =
                    row.run.hidesStatus
                    ? style(.faint, "·") : row.run.report.isSuccess ? style(.good, "✓") : style(.bad, "✗")
                let head = "  " + style(.faint, label.padded(to: labels)) + "  \(mark) "
                return head + (isNarrow ? ending.markedLine + "\n    " : ending.markedLine.padded(to: widths)) + "  "
                    + excerpts.excerpt(of: row.run.command, columns: room) + "\n"
            }.joined()
    }
}

extension Signature {
    /// The time where it was signed, as `2026-11-21 07:04 +0100`.
    fileprivate var localTime: String {
        let moment = UTCTime(secondsSince1970: Int(seconds) + Int(offsetMinutes) * 60)
        func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let zone = (offsetMinutes < 0 ? "-" : "+") + two(abs(offsetMinutes) / 60) + two(abs(offsetMinutes) % 60)
        return "\(moment.text) \(zone)"
    }
}

extension String {
    /// Every line that is not empty four columns in.
    fileprivate var indentedLines: String {
        split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "    \($0)" }
            .joined(separator: "\n")
    }
}
