import Agent
import ArgumentParser
import Evidence
import Glibc
import Responses
import Session
import Text

/// `graft ask PROMPT`: one question, one answer, over HTTP.
struct AskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask", abstract: "Ask the model one question; the answer streams to standard output.")

    @OptionGroup var model: ModelOptions

    @Argument(help: ArgumentHelp("The question; - reads it from standard input.", valueName: "prompt"))
    var prompt: String

    func run() async throws {
        let text = try PromptText.read(prompt)
        let output = StandardOutput()
        let isTerminal = isatty(1) == 1
        let question = Question(text, settings: model.settings, environment: ProcessEnvironment.current)
        let ending = await question.ask(
            { output.write(isTerminal ? $0.marked : $0) }, notice: { StandardError.write("graft: \($0.marked)") })
        guard ending.verdict.exitCode != 0 else { return }
        StandardError.write("graft: " + ending.verdict.prefix + ending.message.marked)
        throw ExitCode(ending.verdict.exitCode)
    }
}
