import Agent
import Evidence
import Responses
import Session
import Terminal
import Text

/// The closing words of a run: what it came to, and how to look at and take the commits.
struct Summary {
    private let result: RunResult
    private let ownWork: String?
    private let style: TerminalStyle

    /// Takes a result.
    ///
    /// - Parameter ownWork: The commit with the user's uncommitted work, if there was any.
    init(_ result: RunResult, ownWork: String?, style: TerminalStyle) {
        self.result = result
        self.ownWork = ownWork
        self.style = style
    }

    var text: String {
        let isGood = result.verdict.exitCode == 0
        let mark = isGood ? style(.good, "✓ \(result.verdict.rawValue)") : style(.bad, "✗ \(result.verdict.rawValue)")
        return "\n\(mark): \(result.message.marked)\n" + figures + commits + session
    }

    private var figures: String {
        guard result.turns > 0 else { return "" }
        let usage = result.usage
        let tokens = "\(usage.input) tokens in (\(usage.cached) cached), \(usage.output) out"
        let turns = result.turns == 1 ? "1 turn" : "\(result.turns) turns"
        return style(.faint, "  \(turns), \(result.duration.spelled), \(tokens)") + "\n"
    }

    private var commits: String {
        guard let branch = result.branch, let base = result.base else { return "" }
        let list = result.commits.map { "  \(style(.warning, $0.id.prefix(10))) \($0.subject.markedLine)\n" }.joined()
        let range = "\((ownWork ?? base).prefix(10))..\(branch)"
        // A merge would bring the user's own work as a commit of the session.
        let take =
            ownWork == nil
            ? "graft review accept --all   or: git merge \(branch)"
            : "commit your own work first, which they are made on top of; then: graft review accept --all"
        let session = result.sessionFolder?.split(separator: "/").last ?? ""
        return "\n" + style(.strong, "Commits on \(branch)") + "\n" + list
            + "\n  look:  graft review   or: git log -p \(range)\n"
            + "  take:  \(take)\n"
            + "  drop:  graft clean --session \(session)\n"
    }

    private var session: String {
        result.sessionFolder.map { style(.faint, "\n  session: \($0)") + "\n" } ?? ""
    }
}
