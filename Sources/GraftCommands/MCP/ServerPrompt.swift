import MCP
import Terminal
import Text

/// Asks the person at the terminal what concerns MCP servers: whether to start those of a file, and what they want to
/// know themselves.
struct ServerPrompt: Sendable {
    private let question: TerminalQuestion
    private let style: TerminalStyle
    private let environment: [String: String]

    /// The questions; none if nobody can be asked.
    ///
    /// - Parameter waitForView: Returns when what came before is shown.
    static func questions(
        screen: LiveScreen, showsJSON: Bool, environment: [String: String],
        waitForView: @escaping @Sendable () -> Void = {}
    ) -> ServerQuestions {
        var questions = ServerQuestions()
        guard let question = TerminalQuestion(screen: screen, showsJSON: showsJSON, environment: environment) else {
            return questions
        }
        let prompt = ServerPrompt(
            question: question, style: TerminalStyle(descriptor: 2, environment: environment),
            environment: environment)
        questions.trust = { source in
            waitForView()
            return await prompt.mayStart(source)
        }
        questions.elicitation = { request in
            waitForView()
            return await prompt.answer(request)
        }
        return questions
    }

    private enum Answer { case yes, no, none }

    private func mayStart(_ source: ServerSource) async -> Bool? {
        let servers = source.servers.flatMap { $0.lines(environment) }.map { "    \($0.markedLine)" }
        let text =
            (["", style(.warning, "\(source.file.markedLine) names MCP servers; may Graft start them?"), ""] + servers
            + [
                "", "    Programs run in the sandbox: they read the tree, and have no network.", "",
                "y = yes, until the file names others; n = no:",
            ]).joined(separator: "\n")
        let answer: Answer? = await question.ask { lines in
            StandardError.write(text)
            // Without an answer nothing is kept, and the next run asks again.
            return lines.choice("y or n", fallback: Answer.none) { line in
                switch line {
                case "y", "yes": .yes
                case "n", "no": .no
                default: nil
                }
            }
        }
        return answer.flatMap { $0 == .none ? nil : $0 == .yes }
    }

    private func answer(_ request: ElicitationRequest) async -> ElicitationAnswer {
        let head = [
            "", style(.warning, "The MCP server \(request.server) asks:"), "",
            "    " + request.message.marked.split(separator: "\n").joined(separator: "\n    "), "",
        ]
        switch request.wish {
        case .url(let url):
            let text = head + ["    It wants you to open \(url.markedLine)", "", "y = I have, n = no:"]
            let answer = await question.ask { lines in
                StandardError.write(text.joined(separator: "\n"))
                return lines.choice("y or n", fallback: ElicitationAnswer.cancel) { line in
                    switch line {
                    case "y", "yes": .accept([:])
                    case "", "n", "no": .decline
                    default: nil
                    }
                }
            }
            return answer ?? .cancel
        case .form(let fields):
            let answer = await question.ask { lines in
                StandardError.write(head.joined(separator: "\n"))
                return FormReader(fields).read(&lines)
            }
            return answer ?? .cancel
        }
    }
}
