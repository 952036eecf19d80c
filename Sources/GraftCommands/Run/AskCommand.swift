import Agent
import ArgumentParser
import Configuration
import Evidence
import Glibc
import Responses
import Sandbox
import Session
import Terminal
import Text

/// `graft ask PROMPT`: one question, one answer; in a repository, after looking at it.
struct AskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask",
        abstract: "Ask the model a question; the answer streams to standard output.",
        discussion: """
            In a repository the model can look at the checkout, through commands that can change nothing. Nothing is \
            kept of it.
            """)

    @Option(help: ArgumentHelp("A folder in the repository (default: the current one).", valueName: "dir"))
    var repo: String?

    @Flag(help: "Send the question alone; the model looks at nothing.")
    var noRepo = false

    @Option(help: ArgumentHelp("How many responses the model may give (default: 40).", valueName: "n"))
    var maxTurns: Int?

    @Option(
        help: ArgumentHelp("auto, external (this machine is itself a throw-away sandbox), or off.", valueName: "mode"))
    var sandbox: SandboxMode = .auto

    @OptionGroup var model: ModelOptions

    @Argument(help: ArgumentHelp("The question; - reads it from standard input.", valueName: "prompt"))
    var prompt: String

    func validate() throws {
        if let maxTurns, maxTurns < 1 { throw ValidationError("--max-turns must be at least 1") }
        if noRepo, repo != nil { throw ValidationError("--repo and --no-repo contradict each other") }
    }

    func run() async throws {
        var question = Question(
            try PromptText.read(prompt), settings: model.settings, environment: ProcessEnvironment.current)
        question.repository = repo
        question.isAlone = noRepo
        question.sandbox = sandbox
        question.settings.maxTurns = maxTurns
        let interruption = Interruption()
        Signals.handle { signal, earlier in
            let reason = signal == SIGINT ? Interruption.Reason.interrupted : .terminated
            interruption.raise(reason)
            if earlier > 0 { _exit(signal == SIGINT ? Verdict.interrupted.exitCode : Verdict.terminated.exitCode) }
        }
        let ending = await question.ask(Self.view(), interruption: interruption)
        guard ending.verdict.exitCode != 0 else { return }
        StandardError.write("graft: " + ending.verdict.prefix + ending.message.marked)
        throw ExitCode(ending.verdict.exitCode)
    }

    /// The answer goes to standard output; on a terminal, what the model does meanwhile to standard error.
    private static func view() -> QuestionView {
        let output = StandardOutput()
        let (isTerminal, showsWork) = (isatty(1) == 1, isatty(2) == 1)
        return QuestionView(
            answer: { output.write(isTerminal ? $0.marked : $0) },
            commentary: { if showsWork { StandardError.write($0.marked, terminator: "") } },
            event: { event in
                switch event {
                case .notice(let text): StandardError.write("graft: \(text.marked)")
                case .itemStarted(let item):
                    guard showsWork else { return }
                    switch item.content {
                    case .commandExecution(let command, nil): StandardError.write("$ \(command.marked)")
                    case .startedCommand(let started): StandardError.write("$ \(started.command.marked)")
                    default: break
                    }
                default: break
                }
            })
    }
}
