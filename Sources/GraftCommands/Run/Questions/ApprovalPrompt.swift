import Agent
import Sandbox
import Session
import Terminal
import Text
import Tools

/// Asks the person at the terminal whether a command may have more rights.
///
/// Anything but a clear yes is a no: end of input, ctrl-C, an unknown answer.
struct ApprovalPrompt: Sendable {
    private let question: TerminalQuestion
    private let style: TerminalStyle

    /// The question; nil if nobody can be asked.
    static func question(
        screen: LiveScreen, showsJSON: Bool, environment: [String: String]
    ) -> ApprovalQuestion? {
        guard let question = TerminalQuestion(screen: screen, showsJSON: showsJSON, environment: environment) else {
            return nil
        }
        let prompt = ApprovalPrompt(
            question: question, style: TerminalStyle(descriptor: 2, environment: environment))
        return { await prompt.ask($0) }
    }

    private func ask(_ request: ApprovalRequest) async -> ApprovalAnswer? {
        let text = text(of: request)
        return await question.ask { lines in
            StandardError.write(text)
            return lines.choice("y, s or n", fallback: .no) { line in
                switch line {
                case "y", "yes", "o", "once": .once
                case "s", "session": .session
                case "", "n", "no": .no
                default: nil
                }
            }
        }
    }

    private func text(of request: ApprovalRequest) -> String {
        if request.isOfScreen { return screenText(of: request) }
        let command = request.command.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
            .map { Substring($0).markedLine }
        let reason = request.reason.marked.split(separator: "\n").joined(separator: " ").markedLine.prefix(500)
        let lines =
            ["", style(.warning, Self.title(of: request)), ""]
            + command.enumerated().map { ($0 > 0 ? "    | " : request.tool == nil ? "    $ " : "    ") + $1 }
            + Self.rights(request.report.rights).map { style(.strong, "    may " + $0) }
            + [
                "    because\(request.tool == nil ? ", as it says" : ""): \(reason)", "",
                "y = once, s = this \(request.tool == nil ? "command" : "tool") for the session, n = no:",
            ]
        return lines.joined(separator: "\n")
    }

    private func screenText(of request: ApprovalRequest) -> String {
        let actions = request.command.split(separator: "\n").prefix(20).map { "    " + $0.markedLine }
        let doubt = request.reason.marked.split(separator: "\n").joined(separator: " ").markedLine.prefix(500)
        let lines =
            ["", style(.warning, "The provider doubts what the model wants to do in the browser:"), ""] + actions
            + ["    because, as it says: \(doubt)", "", "y = go on all the same, n = no, which ends the run:"]
        return lines.joined(separator: "\n")
    }

    private static func title(of request: ApprovalRequest) -> String {
        request.tool == nil
            ? "The model asks to run a command with more rights:" : "The model asks to call a tool of somebody else's:"
    }

    /// What is asked for, a phrase each.
    static func rights(_ rights: ApprovalReport.Rights) -> [String] {
        var phrases: [String] = []
        switch rights.network {
        case .all: phrases.append("use the machine's network, all of it")
        case .hosts(let hosts): phrases.append("reach \(hosts.joined(separator: ", "))")
        case nil: break
        }
        return phrases
            + rights.writablePaths.map { "write to \($0.named), and read it" }
            + rights.readablePaths.map { "read \($0.named), which is closed to commands" }
    }
}
