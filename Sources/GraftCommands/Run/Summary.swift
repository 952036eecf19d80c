import Evidence
import Repository
import Responses
import Session
import Terminal
import Text

/// The closing words of a run: what it came to, how to look at and take the commits, and how to prove what is not.
struct Summary {
    private let result: RunResult
    private let start: RunStart?
    private let style: TerminalStyle

    /// Takes a result.
    ///
    /// - Parameter start: What the run worked on; nil if it did not come to that.
    init(_ result: RunResult, start: RunStart?, style: TerminalStyle) {
        self.result = result
        self.start = start
        self.style = style
    }

    var text: String { "\n" + verdict + figures + commits + proof + goingOn + session }

    /// Whether something is left to do that the session can go on with.
    private var canGoOn: Bool { start != nil && result.verdict.leavesWork && result.sessionFolder != nil }

    /// How to go on where something is left to do.
    private var goingOn: String {
        guard canGoOn else { return "" }
        return (result.commits.isEmpty ? "\n" : "") + hint("resume", ["graft resume \(sessionName)"])
    }

    private var verdict: String {
        let message = result.message.marked
        let line =
            switch result.verdict {
            case .unverified where result.commits.isEmpty: style(.warning, "● done") + ": nothing was changed"
            case .unverified: style(.warning, "● done, not verified") + ": no command was given that proves it"
            case .needsReview, .skipped: style(.warning, "! \(result.verdict.rawValue)") + ": \(message)"
            case _ where result.verdict.exitCode == 0: style(.good, "✓ \(result.verdict.rawValue)") + ": \(message)"
            default: style(.bad, "✗ \(result.verdict.rawValue)") + ": \(message)"
            }
        return style.filled(line, indent: 2) + "\n"
    }

    private var figures: String {
        guard result.turns > 0 else { return "" }
        let usage = result.usage
        let cached = usage.cachedShare.map { " (\(Int(($0 * 100).rounded())) % cached)" } ?? ""
        let tokens = "\(usage.input) tokens in\(cached), \(usage.output) out"
        let turns = result.turns == 1 ? "1 turn" : "\(result.turns) turns"
        let cost = result.cost.map { ", \($0.spelled) at the prices of \($0.date)" } ?? ""
        let line = "  \(turns), \(result.duration.spelled), \(tokens)\(cost)"
        return style(.faint, style.filled(line, indent: 2)) + "\n"
    }

    private var commits: String {
        guard let branch = result.branch, let base = result.base, !result.commits.isEmpty else { return "" }
        let list = result.commits.map {
            style.filled("  \(style(.warning, $0.id.prefix(10))) \($0.subject.markedLine)", indent: 13) + "\n"
        }
        let range = "\((start?.start ?? base).prefix(10))..\(branch)"
        return "\n" + style.filled(style(.strong, "Commits on \(branch)"), indent: 2) + "\n" + list.joined() + "\n"
            + hint("look", ["graft review", "git log -p \(range)"]) + hint("take", take(branch))
            + hint("drop", ["graft clean --session \(sessionName)"])
    }

    private func take(_ branch: String) -> [String] {
        let accept = "graft review accept --all"
        guard let start, start.start != start.base else { return [accept, "git merge \(branch)"] }
        // A merge would bring the user's own work as a commit of the session.
        let changed = Set(result.commits.flatMap(\.files).map(\.path))
        let own = start.uncommitted.filter(changed.contains)
        guard let first = own.first else { return [accept] }
        let files = first.description.markedLine + (own.count == 1 ? "" : " and \(own.count - 1) more")
        return ["commit your own work in \(files) first, which they change too, then: \(accept)"]
    }

    /// Whether there is work that nothing has proved.
    private var isUnproved: Bool { result.verdict == .unverified && !result.commits.isEmpty }

    /// How to prove what was done, where nothing has.
    private var proof: String {
        guard isUnproved else { return "" }
        guard let known = proposal else {
            return hint("verify", ["graft review verify -- COMMAND"])
                + hint("always", ["verify = \"COMMAND\" in .graft/config.toml, committed"])
        }
        let word = known.quotedForShell
        return hint("verify", ["graft review verify -- \(word)"])
            + hint(
                "always",
                [
                    "`\(known)` is here: graft run --verify \(word) …, or verify = \"\(known)\" in "
                        + ".graft/config.toml, committed"
                ])
    }

    /// The shell line that the repository's files propose for tests, as they were when the run began.
    private var proposal: String? {
        guard let start, let base = CommitID(start.base) else { return nil }
        // What cannot be read proposes nothing.
        let repository = try? GitRepository(discovering: start.repository, environment: [:])
        return repository.flatMap { CommandProposals(of: $0, at: base).proposals.first?.line }
    }

    /// A row that says what to do; further ways stand below where there is no room beside.
    private func hint(_ name: String, _ ways: [String]) -> String {
        let label = "  \(name):".padded(to: isUnproved || canGoOn ? 11 : 9)
        let line = label + ways.joined(separator: "   or: ")
        if line.cellWidth < style.columns ?? .max { return line + "\n" }
        return ways.enumerated().map { index, way in
            let space = String(repeating: " ", count: label.count - 4)
            return style.filled((index == 0 ? label : space + "or: ") + way, indent: label.count) + "\n"
        }.joined()
    }

    private var sessionName: Substring { result.sessionFolder?.split(separator: "/").last ?? "" }

    private var session: String {
        result.sessionFolder.map { "\n" + style(.faint, style.filled("  session: \($0)", indent: 2)) + "\n" } ?? ""
    }
}
