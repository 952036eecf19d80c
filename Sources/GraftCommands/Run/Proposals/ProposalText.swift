import Evidence
import Terminal
import Text

/// Proposals of commands as text; what comes from files is shown with its marks.
enum ProposalText {
    /// A reason stands beside its command up to this width.
    private static let widest = 44
    /// So many are listed where nobody is asked.
    private static let most = 20

    /// The question, with what can be answered.
    static func question(_ proposals: [CommandProposal], more: Int, style: TerminalStyle) -> String {
        let width = min(proposals.map { $0.line.markedLine.cellWidth }.max() ?? 0, widest)
        var text = "\n" + style(.strong, "No command is named. These are proposed:") + "\n\n"
        for (index, proposal) in proposals.enumerated() {
            let line = proposal.line.markedLine
            let reason = style(.faint, proposal.reason.markedLine)
            text += "  \(index + 1)  "
            text +=
                line.cellWidth <= width
                ? style.filled(line.padded(to: width + 2) + reason, indent: width + 7)
                : style.filled(line, indent: 5) + "\n     " + style.filled(reason, indent: 5)
            text += "\n"
        }
        if more > 0 { text += "     and \(more) more: graft fix --help says how to name one\n" }
        let others = proposals.count > 1 ? ", a number another one" : ""
        return text
            + "\nIt runs in the sandbox. Fix which one? Enter or y takes the first\(others), e edits it, n leaves:"
    }

    /// The list for whoever reads it later: the lines to run, each with its reason.
    ///
    /// - Parameter command: The words of Graft in front of a command.
    static func list(_ proposals: [CommandProposal], command: String, _ skipped: [SkippedCommand]) -> String {
        var lines = ["graft: no command is named; these are proposed:"]
        for proposal in proposals.prefix(most) {
            lines.append("  \(command) -- \(proposal.line.quotedForShell.markedLine)")
            lines.append("      \(proposal.reason.markedLine)")
        }
        if proposals.count > most { lines.append("  and \(proposals.count - most) more") }
        if !skipped.isEmpty { lines.append(Self.skipped(skipped, limit: 3)) }
        return lines.joined(separator: "\n")
    }

    /// Lines that test and cannot be used.
    static func skipped(_ skipped: [SkippedCommand], limit: Int) -> String {
        var lines = ["graft: not proposed:"]
        for one in skipped.prefix(limit) {
            let line = one.line.markedLine
            let shown = line.count > 80 ? line.prefix(79) + "…" : line[...]
            lines.append("  \(shown)\n      \(one.place.markedLine): \(one.reason.markedLine)")
        }
        if skipped.count > limit { lines.append("  and \(skipped.count - limit) more") }
        return lines.joined(separator: "\n")
    }
}
