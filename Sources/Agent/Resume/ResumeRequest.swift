public import Configuration
public import MCP
import OS
import Responses
public import Sandbox
public import Session
import Text
public import Tools

/// What a person asks of a session that is to go on.
public struct ResumeRequest: Sendable {
    /// The session, which nobody else has.
    public var session: OpenedSession
    /// What is to be done now; nil to go on with the task.
    public var prompt: String?
    /// The pictures that go with it.
    public var pictures: [PictureFile] = []
    /// What flags say; what is not said is as the session began.
    public var settings: Settings
    /// How commands are kept in; `auto` for what the session began with.
    public var sandbox: SandboxMode
    /// Whether to leave WebSocket mode alone.
    public var usesHTTPOnly: Bool
    /// Asks the person who watches whether a command may have more rights; nil where nobody does.
    public var ask: ApprovalQuestion?
    /// What the person who watches is asked about MCP servers.
    public var serverQuestions = ServerQuestions()
    /// The environment Graft was started with.
    public var environment: [String: String]

    /// Names the session and what is asked of it.
    public init(
        session: OpenedSession, prompt: String?, settings: Settings, sandbox: SandboxMode, usesHTTPOnly: Bool,
        environment: [String: String]
    ) {
        self.session = session
        self.prompt = prompt
        self.settings = settings
        self.sandbox = sandbox
        self.usesHTTPOnly = usesHTTPOnly
        self.environment = environment
    }

    /// The request that the session began with, with what is different now.
    ///
    /// - Throws: `RunEnding` with the verdict `usage` for a session that cannot go on, and why.
    func runRequest() throws(RunEnding) -> RunRequest {
        let start = try startToGoOnFrom()
        let command = start.command.map { CommandRequest.Command.shell($0) }
        let job: RunRequest.Job
        if let task = start.task {
            job = .prompt(task, verify: command.map { .command($0) } ?? .nothing)
        } else {
            job = .fix(command)
        }
        var request = RunRequest(
            repository: start.repository, job: job, settings: settings.over(Self.settings(of: start)),
            environment: environment)
        let choices = start.choices
        request.sandbox = sandbox == .auto ? choices?.sandbox.flatMap(SandboxMode.init) ?? .auto : sandbox
        request.usesHTTPOnly = usesHTTPOnly || choices?.transport == "http"
        request.ask = ask
        request.serverQuestions = serverQuestions
        return request
    }

    /// What the session began with, if it can go on.
    private func startToGoOnFrom() throws(RunEnding) -> RunStart {
        let (id, state) = (session.id, session.state)
        if let line = session.damagedLine {
            throw RunEnding(
                .usage,
                "the journal of \(id) is damaged in line \(line), so that what the model knows cannot be told; its "
                    + "commits are there: graft review --session \(id)")
        }
        if let name = state.unreadableEvent {
            throw RunEnding(
                .usage,
                "the journal of \(id) has an event \"\(name)\" that this version of Graft cannot read; go on with the "
                    + "version that wrote it, or look at the commits: graft review --session \(id)")
        }
        guard let start = state.start else {
            throw RunEnding(
                .usage, "the session \(id) was stopped before anything was begun; start it again with graft fix or run")
        }
        guard FilePath.kind(start.repository) == .folder else {
            throw RunEnding(.usage, "the repository \(start.repository) of the session \(id) is not there any more")
        }
        if prompt == nil, state.phase == .finished, !state.result.verdict.leavesWork {
            throw RunEnding(
                .usage,
                "the session \(id) has come to its end (\(state.result.verdict.rawValue)); to have more done in it, say "
                    + "what: graft resume \(id) PROMPT")
        }
        return start
    }

    /// What the session was started with.
    private static func settings(of start: RunStart) -> Settings {
        var settings = Settings()
        settings.model = start.model.isEmpty ? nil : start.model
        settings.effort = start.choices?.effort.map { PhasedValue(spelled: $0) }
        settings.verbosity = start.choices?.verbosity.map { PhasedValue(spelled: $0) }
        settings.provider = start.choices?.provider.flatMap(ProviderProfile.init)
        settings.series = start.choices?.ordersSteps
        settings.commandTimeout = start.choices?.commandTimeout
        settings.protection.protecting = start.choices?.protecting ?? []
        settings.protection.allowing = start.choices?.allowing ?? []
        settings.repetitions = start.choices?.repetitions
        settings.verifiesEach = start.choices?.verifiesEach
        if let reports = start.choices?.reports, !reports.isEmpty {
            settings.reports = reports.compactMap(FilePattern.init)
        }
        // Tools that are not known any more are as if they were not there.
        let tools = start.choices?.tools?.compactMap { try? ToolChoice(spelled: $0) }
        settings.tools = tools.map { ToolSelection($0, isWhole: true) } ?? ToolSelection()
        return settings
    }
}
