import Agent
public import ArgumentParser
public import Configuration
import JSON
public import Sandbox
import Session
import Text

/// The flags that `fix`, `run` and `resume` share: where to work, how long, and how to tell of it.
struct RunOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A folder in the repository.", valueName: "dir"))
    var repo = "."

    @Option(help: ArgumentHelp("How many responses the model may give (default: 100).", valueName: "n"))
    var maxTurns: Int?

    @Option(
        help: ArgumentHelp("How long the run may take, such as 90s or 30m (default: 1h).", valueName: "duration"),
        transform: Duration.parse)
    var maxTime: Duration?

    @Option(help: ArgumentHelp("How many tokens all responses together may cost (default: no limit).", valueName: "n"))
    var maxTokens: Int?

    @Option(help: ArgumentHelp("As --max-tokens, of the input alone, cached tokens included.", valueName: "n"))
    var maxInputTokens: Int?

    @Option(help: ArgumentHelp("As --max-tokens, of the output alone.", valueName: "n"))
    var maxOutputTokens: Int?

    @Option(
        help: ArgumentHelp(
            "How much money all responses together may cost, such as 2.50; needs prices in your configuration.",
            valueName: "amount"))
    var maxCost: Double?

    @Option(
        help: ArgumentHelp("By how much the session's files may grow, such as 2GB.", valueName: "size"),
        transform: Int.parseBytes)
    var maxDisk: Int?

    @Option(
        help: ArgumentHelp(
            "When to shorten a long conversation: milestones, threshold, server or off (default: milestones).",
            valueName: "when"))
    var compact: CompactionMode?

    @Option(
        help: ArgumentHelp("How long one command may take (default: 10m).", valueName: "duration"),
        transform: Duration.parse)
    var commandTimeout: Duration?

    @Flag(help: "Leave one commit a step; the model is not asked to order them.")
    var noSeries = false

    @Option(
        help: ArgumentHelp("auto, external (this machine is itself a throw-away sandbox), or off.", valueName: "mode"))
    var sandbox: SandboxMode = .auto

    @OptionGroup var policy: PolicyOption
    @OptionGroup var tools: ToolOptions

    @Option(help: ArgumentHelp("ask (on a terminal) or never: when the model wants more rights.", valueName: "mode"))
    var approvals: ApprovalMode?

    @Option(help: ArgumentHelp("auto (WebSocket, HTTP where there is none) or http.", valueName: "kind"))
    var transport: TransportChoice = .auto

    @Flag(help: "Have responses made in the background; a dropped line or a crash costs none of them. They are stored.")
    var background = false

    @Flag(help: "Print the events as JSON lines; the last one is always run.finished.")
    var json = false

    @OptionGroup var reports: ReportOptions

    func validate() throws {
        for (name, value) in [
            ("--max-turns", maxTurns), ("--max-tokens", maxTokens), ("--max-input-tokens", maxInputTokens),
            ("--max-output-tokens", maxOutputTokens), ("--max-disk", maxDisk),
        ] {
            if let value, value < 1 { throw ValidationError("\(name) must be at least 1") }
        }
        if let maxCost, !(maxCost > 0 && maxCost.isFinite) {
            throw ValidationError("--max-cost must be an amount above zero")
        }
    }

    /// Refuses flags that contradict those of the model.
    func check(with model: ModelOptions) throws {
        guard background, model.zdr else { return }
        throw Refusal("--background and --zdr contradict each other: the server stores what it makes in the background")
    }

    /// Puts the flags into a request.
    func apply(to request: inout RunRequest) {
        request.usesHTTPOnly = transport == .http
        request.sandbox = sandbox
        request.settings.policy = policy.choice
        request.settings.tools = tools.selection
        request.settings.approvals = approvals
        request.settings.maxTurns = maxTurns
        request.settings.maxTime = maxTime
        request.settings.maxTokens = maxTokens
        request.settings.maxInputTokens = maxInputTokens
        request.settings.maxOutputTokens = maxOutputTokens
        request.settings.maxCost = maxCost
        request.settings.maxDisk = maxDisk
        request.settings.compaction = compact
        request.settings.commandTimeout = commandTimeout
        if background { request.settings.background = true }
        if noSeries { request.settings.series = false }
    }
}

/// How the model is reached.
enum TransportChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, http
}

extension SandboxMode: ExpressibleByArgument {}

extension ApprovalMode: ExpressibleByArgument {}

extension CompactionMode: ExpressibleByArgument {}

extension Duration {
    /// Reads a duration given as an argument.
    static func parse(_ argument: String) throws -> Duration {
        guard let duration = Duration(spelledOut: argument) else {
            throw ValidationError("invalid duration '\(argument)'; write 90s, 30m or 1h30m")
        }
        return duration
    }
}

extension Int {
    /// Reads a size given as an argument, in bytes.
    static func parseBytes(_ argument: String) throws -> Int {
        guard let bytes = Int(spelledOutBytes: argument) else {
            throw ValidationError("invalid size '\(argument)'; write 500MB or 2GB")
        }
        return bytes
    }
}
