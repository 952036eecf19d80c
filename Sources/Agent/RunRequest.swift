public import Configuration
public import Evidence
public import MCP
public import Sandbox
public import Session
public import Tools

/// What a person asks for: the task, where, and within which limits.
public struct RunRequest: Sendable {
    /// A folder in the repository.
    public var repository: String
    /// What is to be done.
    public var job: Job
    /// What a saved CI log tells, as the model is to read it; nil without one.
    public var log: String?
    /// The pictures that go with the task.
    public var pictures: [PictureFile] = []
    /// What flags and environment say; files are read by the run.
    public var settings: Settings
    /// Whether to work in a tree of the session's own, and in what kind.
    public var tree: TreeChoice = .auto
    /// Whether to leave WebSocket mode alone.
    public var usesHTTPOnly = false
    /// Whether the model is asked even where it can mend nothing.
    public var isForced = false
    /// How commands are kept in.
    public var sandbox: SandboxMode = .auto
    /// Asks the person who watches whether a command may have more rights; nil where nobody does.
    public var ask: ApprovalQuestion?
    /// What the person who watches is asked about MCP servers.
    public var serverQuestions = ServerQuestions()
    /// The commands that the repository's files propose, where none is named and nobody could be asked.
    public var proposals: [CommandProposal] = []
    /// Where the command comes from, if it was proposed.
    public private(set) var proposal: CommandProposal?
    /// Whether the fixers that are configured are run before the model is asked.
    public var usesFixers = true
    /// Is told the name of a new session as soon as it has a folder, and the commit that it starts from.
    public var onBegin: (@Sendable (SessionID, _ base: String) -> Void)?
    /// The environment Graft was started with.
    public var environment: [String: String]

    /// The two kinds of task.
    public enum Job: Sendable {
        /// Make a command pass that fails; without one, that of the configuration (`verify`).
        case fix(CommandRequest.Command?)
        /// Do what a text says; the check proves it.
        case prompt(String, verify: Decider)
    }

    /// What decides whether a task is done.
    public enum Decider: Sendable {
        /// This command.
        case command(CommandRequest.Command)
        /// The command of the configuration (`verify`), if there is one.
        case configured
        /// Nothing, whatever the configuration says.
        case nothing
    }

    /// Names the task and its place.
    public init(repository: String, job: Job, settings: Settings, environment: [String: String]) {
        self.repository = repository
        self.job = job
        self.settings = settings
        self.environment = environment
    }

    /// Makes a proposal the command to fix.
    public mutating func take(_ proposal: CommandProposal) {
        job = .fix(.shell(proposal.line))
        self.proposal = proposal
    }

    /// What the request itself says is to be done: the shell line that decides, and the task in words.
    public var told: (command: String?, task: String?) {
        (command.map { Check($0, timeout: .zero).text }, task)
    }

    /// What is asked for in words, if it is not the command alone.
    var task: String? {
        switch job {
        case .fix: nil
        case .prompt(let text, _): text
        }
    }

    /// The command that decides, if the request names one.
    var command: CommandRequest.Command? {
        switch job {
        case .fix(let command): command
        case .prompt(_, .command(let command)): command
        case .prompt(_, .configured), .prompt(_, .nothing): nil
        }
    }

    /// Whether the configuration may name the command that decides.
    var takesConfiguredCommand: Bool {
        if case .prompt(_, .nothing) = job { false } else { command == nil }
    }
}
