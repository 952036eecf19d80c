import Configuration
import JSON
import OS
import Synchronization
import Text

/// One server of a run: started, listed, called, started once more if it dies.
final class RunningServer: Sendable {
    /// A connection that stands.
    private struct Connected: Sendable {
        let client: MCPClient
        let facts: ServerFacts
    }

    private struct State {
        var attempt: Task<Connected, any Error>?
        var starts = 0
        var isStopping = false
        var isListing = false
        var hasChanged = false
        var hasResources = false
        var listings = 0
        var offer = ToolOffer()
        /// The names for the model by those that the server knows; a name stays with its tool.
        var names: [String: String] = [:]
    }

    /// The definition, with variables filled in.
    let server: MCPServer
    private let mask: SecretMask
    private let place: ServerPlace
    private let ask: ElicitationQuestion?
    private let tell: @Sendable (String) -> Void
    private let changed: @Sendable () -> Void
    private let state = Mutex(State())

    /// How often a server is started in a run.
    private static let startLimit = 2
    /// How often a changed list is asked for in a run.
    private static let listingLimit = 50
    /// The most a call takes, with all progress.
    private static let longestCall: Duration = .seconds(900)

    /// - Parameters:
    ///   - tell: Tells a person something of the server, in a sentence.
    ///   - changed: Is called when there are other tools than before.
    init(
        _ server: MCPServer, in place: ServerPlace, ask: ElicitationQuestion?,
        tell: @escaping @Sendable (String) -> Void, changed: @escaping @Sendable () -> Void
    ) {
        self.server = server
        self.place = place
        self.ask = ask
        // What cannot be filled in is told when it is started.
        mask = ((try? server.expanded(place.environment)) ?? server).mask(place.environment)
        self.tell = tell
        self.changed = changed
    }

    /// Starts the server if nobody has yet, and waits until the server stands or cannot be used.
    ///
    /// - Throws: Why it cannot be used.
    func ready() async throws(MCPError) -> ServerFacts { try await connected().facts }

    /// The tools that it offers now, with their names for the model.
    var tools: [(name: String, tool: OfferedTool)] {
        state.withLock { state in
            state.offer.tools.map { (state.names[$0.name] ?? $0.name, $0) }
        }
    }

    /// Whether it has resources.
    var hasResources: Bool { state.withLock { $0.hasResources } }

    /// The longest time of a call.
    var callLimit: Duration { max(Self.longestCall, server.toolTimeout) }

    /// Calls a tool by the name that the server knows.
    func call(
        _ tool: OfferedTool, arguments: JSON?, onProgress: @escaping @Sendable (String) -> Void
    ) async throws(MCPError) -> ResultContent {
        let client = try await connected().client
        let headers = tool.headers.compactMap { name, header in
            arguments?[name].flatMap { value in
                value.string ?? (value.kind == .number || value.kind == .bool ? value.rawText : nil)
            }.map { (name: header, value: $0) }
        }
        let result = try await masking { () async throws(MCPError) in
            try await client.call(
                tool.name, arguments: arguments, headers: headers.sorted { $0.name < $1.name }, total: callLimit,
                onProgress: onProgress)
        }
        return ResultContent(result, mask: mask)
    }

    /// A page of the resources, as JSON of the server.
    func resources(_ method: String, cursor: String?) async throws(MCPError) -> JSON {
        let client = try await connected().client
        return try await masking { () async throws(MCPError) in try await client.list(method, cursor: cursor) }
    }

    /// Reads a resource.
    func read(_ uri: String) async throws(MCPError) -> ResultContent {
        let client = try await connected().client
        let result = try await masking { () async throws(MCPError) in try await client.read(uri) }
        return ResultContent(resources: result, mask: mask)
    }

    /// The text without the secrets of the definition.
    func masked(_ text: String) -> String { mask.masked(text) }

    /// Ends the server; nothing is started any more.
    func stop() async {
        let attempt = state.withLock { state in
            state.isStopping = true
            return state.attempt
        }
        attempt?.cancel()
        guard let attempt, let connected = try? await attempt.value else { return }
        await connected.client.close()
    }

    // MARK: Starting

    private func connected() async throws(MCPError) -> Connected {
        do {
            let connected = try await attempt().value
            guard connected.client.end != nil else { return connected }
            return try await again(after: connected).value
        } catch {
            try throwing(error)
        }
    }

    private func throwing(_ error: any Error) throws(MCPError) -> Never {
        throw error as? MCPError ?? MCPError(.cancelled, "cancelled")
    }

    /// The start that goes on or has ended; the first one begins here.
    private func attempt() -> Task<Connected, any Error> {
        state.withLock { state in
            if let attempt = state.attempt { return attempt }
            let task = Task { try await self.connect() }
            state.attempt = task
            return task
        }
    }

    /// Starts it once more after its end.
    private func again(after dead: Connected) throws(MCPError) -> Task<Connected, any Error> {
        let end = dead.client.end ?? MCPError(.closed, "it has ended")
        let (task, isNew) = state.withLock { state -> (Task<Connected, any Error>?, Bool) in
            guard !state.isStopping, state.starts < Self.startLimit else { return (nil, false) }
            // Somebody else may have begun it.
            if state.starts > 1, let attempt = state.attempt { return (attempt, false) }
            let task = Task { try await self.connect() }
            state.attempt = task
            return (task, true)
        }
        guard let task else {
            throw MCPError(
                end.code, "\(end.message); it was started twice and is not started again", nextStep: end.nextStep)
        }
        if isNew { say("is started once more") }
        return task
    }

    private func connect() async throws -> Connected {
        do {
            return try await connectOnce()
        } catch let error as MCPError where error.code == .closed {
            // What has died before its first word may have had bad luck.
            guard state.withLock({ !$0.isStopping && $0.starts < Self.startLimit }) else { throw error }
            say(": \(error.message); it is started once more")
            return try await connectOnce()
        }
    }

    private func connectOnce() async throws -> Connected {
        state.withLock { $0.starts += 1 }
        let server = try server.expanded(place.environment)
        let isUp = Mutex(false)
        let client = try await maskingErrors {
            let client = try MCPClient(
                server, in: place, ask: ask,
                events: .init(
                    notice: { [weak self] in self?.say($0) },
                    toolsChanged: { [weak self] in self?.listAgain() },
                    closed: { [weak self] error in
                        guard isUp.withLock({ $0 }), let self, !state.withLock({ $0.isStopping }) else { return }
                        say(": \(error.description)")
                    }))
            return client
        }
        let facts = try await maskingErrors { try await client.connect() }
        do {
            let offer = try await maskingErrors {
                facts.hasTools ? try await ToolOffer.ask(client) : ToolOffer()
            }
            if facts.hasResources {
                let hasAny = await Self.hasResources(client)
                state.withLock { $0.hasResources = hasAny }
            }
            take(offer)
        } catch {
            await client.close()
            throw error
        }
        isUp.withLock { $0 = true }
        if facts.tellsOfNewTools { client.listenForTools() }
        return Connected(client: client, facts: facts)
    }

    /// Whether there is a resource; many servers can have some and have none.
    private static func hasResources(_ client: MCPClient) async -> Bool {
        for (method, key) in [("resources/list", "resources"), ("resources/templates/list", "resourceTemplates")] {
            // One that does not say so has none.
            let page = try? await client.list(method, cursor: nil, limit: .seconds(5))
            if page?[key]?.elements.first(where: { _ in true }) != nil { return true }
        }
        return false
    }

    /// Takes the tools of the server, and names them for the model.
    private func take(_ offer: ToolOffer) {
        var offer = offer
        for index in offer.tools.indices { offer.tools[index] = offer.tools[index].masked(by: mask) }
        // With the namespace, which not all servers of models have, it is a name, too.
        let longest = ToolNames.longest - MCPSource.namespace(of: server).utf8.count - 2
        state.withLock { state in
            var taken = Set(state.names.values)
            for tool in offer.tools where state.names[tool.name] == nil {
                let name = ToolNames.legal(tool.name, longest: longest, taken: taken)
                taken.insert(name)
                state.names[tool.name] = name
            }
            state.offer = offer
        }
        for notice in offer.notices { say(notice) }
        changed()
    }

    /// Asks for the list again, one time after the other.
    private func listAgain() {
        let begins = state.withLock { state in
            state.hasChanged = true
            guard !state.isListing, !state.isStopping, state.listings < Self.listingLimit else { return false }
            state.isListing = true
            return true
        }
        guard begins else { return }
        Task {
            while state.withLock({ state in
                let goesOn = state.hasChanged && !state.isStopping && state.listings < Self.listingLimit
                state.hasChanged = false
                state.isListing = goesOn
                state.listings += goesOn ? 1 : 0
                return goesOn
            }) {
                // The tools that are known stay, where the new list cannot be had.
                guard let client = try? await attempt().value.client, let offer = try? await ToolOffer.ask(client)
                else {
                    continue
                }
                take(offer)
            }
        }
    }

    /// Tells a person something of the server.
    ///
    /// - Parameter text: What is to be read behind its name; a sentence of its own stands behind a colon.
    private func say(_ text: String) {
        tell(mask.masked("the MCP server \(server.name)\(text.hasPrefix(":") ? "" : " ")\(text)"))
    }

    private func masking<Value: Sendable>(
        _ body: () async throws(MCPError) -> Value
    ) async throws(MCPError) -> Value {
        do throws(MCPError) { return try await body() } catch {
            throw MCPError(error.code, mask.masked(error.message), nextStep: error.nextStep)
        }
    }

    private func maskingErrors<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let error as MCPError {
            throw MCPError(error.code, mask.masked(error.message), nextStep: error.nextStep)
        }
    }
}

extension OfferedTool {
    fileprivate func masked(by mask: SecretMask) -> OfferedTool {
        let parameters = mask.masked(parameters)
        return OfferedTool(
            name: name, description: mask.masked(description), parameters: parameters, headers: headers)
    }
}
