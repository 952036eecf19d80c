public import Configuration
import Evidence
public import MCP
import Prompts
import Responses
public import Sandbox
public import Session
public import Tools
import Transport

/// One question: about a repository, which the model may look at through commands that can change nothing, or about
/// anything.
///
/// A question leaves nothing behind of what was asked: no session, no branch, no commit.
public struct Question: Sendable {
    /// The question.
    public var text: String
    /// The pictures that go with it.
    public var pictures: [PictureFile] = []
    /// What flags say; files and environment are read when it is asked.
    public var settings: Settings
    /// A folder in the repository; nil for that of the current folder, where there is one.
    public var repository: String?
    /// Whether the model is to know only the question.
    public var isAlone = false
    /// How commands are kept in.
    public var sandbox: SandboxMode = .auto
    /// Asks the person who watches whether the server may call a tool of an MCP server; nil where nobody does.
    public var approve: ApprovalQuestion?
    /// What the person who watches is asked about MCP servers.
    public var serverQuestions = ServerQuestions()
    private let environment: [String: String]

    /// The most responses, unless the settings say otherwise.
    private static let usualTurns = 40

    /// Prepares a question.
    public init(_ text: String, settings: Settings, environment: [String: String]) {
        self.text = text
        self.settings = settings
        self.environment = environment
    }

    /// Asks, and hands out the answer's text piece by piece; a last line is always ended.
    ///
    /// What has been shown of an answer that broke off cannot be taken back: the next one starts on a new line.
    public func ask(_ view: QuestionView, interruption: Interruption) async -> RunEnding {
        let work = Task { try await answer(view, interruption) }
        interruption.onRaise { work.cancel() }
        do { return try await work.value } catch {
            return interruption.reason.map { RunEnding($0) } ?? RunEnding(error, interruption: interruption)
        }
    }

    private func answer(_ view: QuestionView, _ interruption: Interruption) async throws -> RunEnding {
        let start = ContinuousClock.now
        let events = QuestionEvents(view)
        let own = try Settings.own(flags: settings, environment: environment)
        let place = try place(own, events)
        var settings = try own.completed(by: place?.settings ?? Settings())
        settings.maxTurns = own.maxTurns ?? Self.usualTurns
        let provider = settings.provider ?? .openai
        let hosted = try settings.hostedTools(environment: environment)
        let window = settings.contextWindow ?? ModelWindow.tokens(of: settings.model ?? "", provider: provider)
        let skills = place?.skills.list(window: window)
        var servers = place?.servers(own: own, questions: serverQuestions)
        await servers?.decide()
        let notices = settings.unknownValues + (place?.skills.notices ?? []) + (skills?.notices ?? [])
        for text in notices + (servers?.notices ?? []) { events.record(.notice(text)) }
        let looking = place.flatMap { place in skills.map { ToolCatalog.looking(skills: place.skills.offered($0)) } }
        let catalog = ToolCatalog(
            (looking ?? []) + settings.serverApprovals, for: provider, hosted: hosted.map(\.definition),
            sources: servers?.namespaces ?? [], search: ToolSearchSettings(settings, for: provider))
        let approvals = ApprovalGate(
            bounds: nil, rules: [], ask: settings.approvals == .never ? nil : approve, events: events)
        let tools = QuestionTools(
            place, catalog: catalog, longestTimeout: settings.commandTimeout ?? .seconds(600), approvals: approvals,
            server: ServerApproval(settings.toolSettings.servers), servers: servers, events: events)
        // They start while the connection is made.
        if servers?.isEmpty == false { tools.prepare() }
        let route = try ModelServer(settings: settings, environment: environment)
        var unkeyed = RequestParameters(settings, catalog: catalog, hosted: hosted)
        let key = CacheKey(
            place: place?.identity ?? "", parameters: unkeyed, profile: provider,
            rules: place == nil ? "" : Prompt.ask, environment: environment, now: RunClock.system.date)
        unkeyed.cacheKey = key.value
        let parameters = unkeyed
        let model = QuestionModel(view: view, willCallTools: { tools.prepare() }) { usesSocket in
            KeyedModel(
                ModelClient(route: route, parameters: parameters, profile: provider, usesSocket: usesSocket), key: key)
        }
        let limit = settings.maxTime.map { interruption.raiseTimeUp(at: start + $0, on: .system) }
        defer { limit?.cancel() }
        let instructions = place?.instructions(settings, events: events)
        var loop = TurnLoop(
            model: model, tools: tools, events: events, window: self.window(place, instructions, events),
            budget: Budget(settings: settings, start: start), ordersSteps: false, instructions: instructions,
            judge: nil)
        loop.pictures = PictureFolder(temporaryFolder: SessionFolder.temporaryRoot(environment: environment))
        let ending: Result<RunEnding, any Error>
        do {
            try await tools.requireServers()
            ending = .success(try await loop.run())
        } catch { ending = .failure(error) }
        await model.close()
        await tools.leave()
        if let reason = await model.cutShort { return RunEnding(.provider, "the answer was cut short: \(reason)") }
        // There is nothing to prove about an answer.
        let end = try ending.get()
        return end.verdict == .unverified ? RunEnding(.answered, "answered") : end
    }

    /// The repository to look at; nil if the question is to go without one.
    private func place(_ own: Settings, _ events: QuestionEvents) throws -> QuestionPlace? {
        if isAlone { return nil }
        do {
            return try QuestionPlace(
                repository ?? ".", own: own, mode: sandbox, environment: environment)
        } catch {
            // Somebody who named no repository may have meant none.
            guard repository == nil else { throw error }
            guard !QuestionPlace.isMissing(error) else { return nil }
            events.record(.notice("asked without the repository: \(RunEnding(error, interruption: nil).message)"))
            return nil
        }
    }

    private func window(
        _ place: QuestionPlace?, _ instructions: Instructions?, _ events: QuestionEvents
    ) -> Window {
        var window = Window()
        guard let place else {
            window.append(.message(role: "user", text: text, pictures: pictures.map(\.picture)))
            return window
        }
        window.append(.message(role: "developer", text: Prompt.ask))
        if let opening = instructions?.opening { window.append(.message(role: "user", text: opening)) }
        if let skills = place.skills.message(for: text, tell: { events.record(.notice($0)) }) {
            window.append(.message(role: "user", text: skills))
        }
        window.append(
            .message(
                role: "user", text: place.description + "\n\n" + text, pictures: pictures.map(\.picture)))
        return window
    }
}
