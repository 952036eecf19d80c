import Agent
import Configuration
import Evidence
import Repository
import Sandbox
import Session
import Terminal
import Text
import Tools
import Workspace

/// Finds the command of a `graft fix` that names none: what the repository's files propose, taken after a yes.
struct ProposedCommand {
    /// A folder in the repository.
    let folder: String
    let environment: [String: String]
    /// Whether the first one is taken without a question.
    let takesFirst: Bool
    let showsJSON: Bool
    /// What is proposed before what the files propose.
    var earlier: [CommandProposal] = []
    /// The saved log that has proposed them, for the lines to run.
    var log: String?

    /// What has come of it.
    enum Outcome {
        /// The run finds its command itself, or says why it has none.
        case none
        /// This one was taken.
        case taken(CommandProposal)
        /// Nobody could be asked; these are there.
        case open([CommandProposal])
    }

    /// Reads the files of the base commit, and asks.
    ///
    /// - Parameter flags: What flags say; a configured command needs no question.
    /// - Throws: `Refusal` where a person takes none.
    func choose(_ flags: Settings) async throws -> Outcome {
        guard let found = proposals(flags) else { return .none }
        let all = earlier + found.proposals.filter { own in !earlier.contains { $0.line == own.line } }
        guard let first = all.first else {
            if !found.skipped.isEmpty { StandardError.write(ProposalText.skipped(found.skipped, limit: 9)) }
            return .none
        }
        if takesFirst { return .taken(first) }
        switch await ask(all, found.skipped) {
        case .taken(let proposal): return .taken(proposal)
        case .none: throw Refusal("no command was chosen; name it behind --, as in: graft fix -- make test")
        case .open: break
        }
        let place = folder == "." ? "" : " --repo \(folder.quotedForShell)"
        let logFlag = log.map { " --log \($0.quotedForShell.markedLine)" } ?? ""
        StandardError.write(ProposalText.list(all, command: "graft fix\(place)\(logFlag)", found.skipped))
        return .open(all)
    }

    /// What the files propose; nil where a command is configured, or the run will say what is wrong.
    private func proposals(_ flags: Settings) -> CommandProposals? {
        do {
            let plain = environment.filter { !SandboxEnvironment.looksSecret($0.key) }
            let repository = try GitRepository(discovering: folder, environment: plain)
            guard let base = try repository.head.commit else { return nil }
            let own = try Settings.own(flags: flags, environment: environment)
            guard try own.over(Settings.file(of: repository, at: base)).verify == nil else { return nil }
            return CommandProposals(of: repository, at: base)
        } catch {
            return nil
        }
    }

    private func ask(_ proposals: [CommandProposal], _ skipped: [SkippedCommand]) async -> Outcome {
        let style = TerminalStyle(descriptor: 2, environment: environment)
        let screen = LiveScreen(output: StandardOutput(), style: style)
        guard let question = TerminalQuestion(screen: screen, showsJSON: showsJSON, environment: environment) else {
            return .open(proposals)
        }
        defer { screen.end() }
        let offered = Array(proposals.prefix(9))
        let text = ProposalText.question(offered, more: proposals.count - offered.count, style: style)
        let asking = Task {
            await question.ask { lines -> Answer? in
                StandardError.write(text)
                return Self.answer(&lines, count: offered.count) { offered[$0].line }
            }
        }
        // A terminal at which nobody sits must not keep the process.
        let timer = Task {
            guard (try? await Task.sleep(for: ApprovalGate.patience)) != nil else { return }
            asking.cancel()
        }
        let answer = await asking.value
        timer.cancel()
        switch answer {
        case .take(let index): return .taken(offered[index])
        case .edited(let line): return .taken(CommandProposal(line, reason: "typed"))
        case .leave: return .none
        case .silence, nil: return .open(proposals)
        }
    }

    private enum Answer: Sendable {
        case take(Int)
        case edited(String)
        case leave
        /// Nobody has answered.
        case silence
    }

    private static func answer(
        _ lines: inout TerminalQuestion.Lines, count: Int, line: (Int) -> String
    ) -> Answer? {
        for _ in 0..<3 {
            switch lines.next() {
            case .background: return nil
            case .end: return .silence
            case .line(let typed):
                let word = typed.filter { !$0.isWhitespace }.lowercased()
                if ["", "y", "yes"].contains(word) { return .take(0) }
                if ["n", "no", "q"].contains(word) { return .leave }
                if let number = Int(word), (1...count).contains(number) { return .take(number - 1) }
                let edited = word == "e" ? 1 : word.first == "e" ? Int(word.dropFirst()) : nil
                if let edited, (1...count).contains(edited) { return edit(line(edited - 1), &lines) }
                let numbers = count == 1 ? "" : ", a number from 1 to \(count), e2 to edit the second"
                StandardError.write("graft: Enter or y for the first\(numbers), e to edit it, or n")
            }
        }
        return .leave
    }

    private static func edit(_ line: String, _ lines: inout TerminalQuestion.Lines) -> Answer? {
        StandardError.write("The command to fix (Enter leaves it as it is):\n  \(line.markedLine)")
        switch lines.next() {
        case .background: return nil
        case .end: return .silence
        case .line(let typed):
            let blanks: (Character) -> Bool = { $0 == " " || $0 == "\t" }
            let own = String(typed.drop(while: blanks).reversed().drop(while: blanks).reversed())
            return .edited(own.isEmpty ? line : own)
        }
    }
}
