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

    @OptionGroup var state: StateOptions

    @Option(help: ArgumentHelp("A folder in the repository (default: the current one).", valueName: "dir"))
    var repo: String?

    @Flag(help: "Send the question alone; the model looks at nothing.")
    var noRepo = false

    @Option(help: ArgumentHelp("How many responses the model may give (default: 40).", valueName: "n"))
    var maxTurns: Int?

    @Option(
        help: ArgumentHelp("auto, external (this machine is itself a throw-away sandbox), or off.", valueName: "mode"))
    var sandbox: SandboxMode = .auto

    @OptionGroup var tools: ToolOptions
    @OptionGroup var model: ModelOptions
    @OptionGroup var images: ImageOptions

    @Argument(help: ArgumentHelp("The question; - reads it from standard input.", valueName: "prompt"))
    var prompt: String

    func validate() throws {
        if let maxTurns, maxTurns < 1 { throw ValidationError("--max-turns must be at least 1") }
        if tools.selection.choices.contains(.computer) {
            throw ValidationError("graft ask has no browser (--tool computer); graft run has")
        }
        if noRepo, repo != nil { throw ValidationError("--repo and --no-repo contradict each other") }
    }

    func run() async throws {
        var question = Question(
            try PromptText.read(prompt), settings: model.settings, environment: ProcessEnvironment.current)
        question.repository = repo
        question.isAlone = noRepo
        question.sandbox = sandbox
        question.settings.maxTurns = maxTurns
        question.pictures = try images.read(prompt: PromptText.typed(prompt))
        question.settings.tools = tools.selection
        let interruption = Interruption()
        let style = TerminalStyle(descriptor: 1, environment: ProcessEnvironment.current)
        let screen = LiveScreen(output: StandardOutput(isForPeople: true), style: style)
        question.approve = ApprovalPrompt.question(
            screen: screen, showsJSON: false, environment: ProcessEnvironment.current)
        question.serverQuestions = ServerPrompt.questions(
            screen: screen, showsJSON: false, environment: ProcessEnvironment.current)
        let pause = Signals.Pause(before: screen.pause, after: screen.resume)
        Signals.handle(pause: style.isLive ? pause : nil) { signal, earlier in
            interruption.raise(signal == SIGINT ? .interrupted : .terminated)
            guard earlier > 0 else { return }
            screen.end()
            _exit(signal == SIGINT ? Verdict.interrupted.exitCode : Verdict.terminated.exitCode)
        }
        let ending: RunEnding
        let notes = AnswerNotes()
        if isatty(1) == 1 {
            let view = AskView(screen: screen, showsWork: isatty(2) == 1)
            screen.begin()
            ending = await question.ask(notes.taking(from: view.view), interruption: interruption)
            view.end(notes.text(style))
        } else {
            ending = await question.ask(notes.taking(from: Self.plainView()), interruption: interruption)
            if let text = notes.text(style) { StandardOutput(isForPeople: true).write(text) }
        }
        guard ending.verdict.exitCode != 0 else { return }
        StandardError.write("graft: " + ending.verdict.prefix + ending.message.marked)
        throw ExitCode(ending.verdict.exitCode)
    }

    /// The answer goes to standard output as it is; what the model does meanwhile to standard error, if that is a
    /// terminal.
    private static func plainView() -> QuestionView {
        let output = StandardOutput(isForPeople: true)
        let showsWork = isatty(2) == 1
        return QuestionView(
            answer: { output.write($0) },
            commentary: { if showsWork { StandardError.write($0.marked, terminator: "") } },
            event: { event in
                switch event {
                case .notice(let text): StandardError.write("graft: \(text.marked)")
                case .itemCompleted:
                    if showsWork, let line = event.hostedLine { StandardError.write(line) }
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
