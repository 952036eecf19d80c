import Configuration
import JSON
import JSONRPC
import Synchronization
import Text

/// A connection to one server: finds out which kind of the protocol it speaks, lists what it has, and calls it.
final class MCPClient: Sendable {
    /// What a client tells of while it is connected.
    struct Events: Sendable {
        /// A person should know this of the server; to be read behind its name.
        var notice: @Sendable (String) -> Void
        /// The list of tools has changed.
        var toolsChanged: @Sendable () -> Void
        /// The connection has ended.
        var closed: @Sendable (MCPError) -> Void
    }

    private struct State {
        var era: MCPEra?
        var renewal: Task<Void, any Error>?
        var renewals = 0
        var listening: Task<Void, Never>?
    }

    /// How long a silent server is believed to be one of the newer kind.
    private static let discoveryPatience: Duration = .seconds(5)
    /// How often a server may ask before it answers one call.
    private static let roundLimit = 10

    let server: MCPServer
    private let link: any MCPLink
    private let peer: Peer
    private let facts: ClientFacts
    private let ask: ElicitationQuestion?
    private let state = Mutex(State())

    /// Prepares a connection; nothing is started.
    ///
    /// - Throws: For a definition that cannot be used.
    init(
        _ server: MCPServer, in place: ServerPlace, ask: ElicitationQuestion?, events: Events
    ) throws(MCPError) {
        self.server = server
        self.ask = ask
        facts = ClientFacts(canAsk: ask != nil)
        let name = server.name
        let peer = Peer(
            Peer.Handlers(
                request: { peer, method, params in
                    await Self.answer(method, params, of: name, ask: ask, holding: peer)
                },
                notification: { method, _ in
                    if method == "notifications/tools/list_changed" { events.toolsChanged() }
                },
                notice: events.notice, closed: events.closed))
        self.peer = peer
        let receive: @Sendable (LinkEvent) -> Void = { [weak peer] in peer?.receive($0) }
        switch server.place {
        case .command(let program): link = StdioLink(program, of: server, in: place, receive: receive)
        case .url(let remote):
            link = HTTPLink(
                try HTTPAddress(remote, environment: place.environment), environment: place.environment,
                receive: receive)
        }
        peer.attach(link)
    }

    /// Starts the server if it is a program, and begins the conversation.
    ///
    /// - Throws: If it does not start, does not answer in time, or speaks no revision that is known.
    func connect() async throws(MCPError) -> ServerFacts {
        let deadline = ContinuousClock.now + server.startupTimeout
        do throws(MCPError) {
            try await link.start()
            return try await begin(deadline: deadline)
        } catch {
            await close()
            throw error.code == .timedOut
                ? MCPError(
                    .timedOut, "it has not answered within \(server.startupTimeout.spelled)",
                    nextStep: "give it more with startup_timeout") : error
        }
    }

    /// Ends the connection.
    func close() async {
        state.withLock { $0.listening }?.cancel()
        await link.close()
        peer.close(MCPError(.closed, "it was ended"))
    }

    /// Why nothing can be asked any more; nil while it can.
    var end: MCPError? { peer.end }

    // MARK: Requests

    /// Asks for a page of a list.
    ///
    /// - Parameter limit: How long it may take; nil for as long as the start.
    func list(_ method: String, cursor: String?, limit: Duration? = nil) async throws(MCPError) -> JSON {
        try await renewing { () async throws(MCPError) in
            try await request(method, limits: .init(limit ?? server.startupTimeout)) { writer in
                if let cursor { writer.member("cursor", cursor) }
            }
        }
    }

    /// Calls a tool, and answers what the server asks on the way.
    func call(
        _ tool: String, arguments: JSON?, headers: [(name: String, value: String)], total: Duration,
        onProgress: @escaping @Sendable (String) -> Void
    ) async throws(MCPError) -> JSON {
        try await answering(
            "tools/call", name: tool, headers: headers, limits: .init(server.toolTimeout, total: total),
            onProgress: onProgress
        ) { writer in
            writer.member("name", tool)
            writer.key("arguments")
            if let arguments { writer.value(arguments) } else { writer.object { _ in } }
        }
    }

    /// Reads a resource.
    func read(_ uri: String) async throws(MCPError) -> JSON {
        try await answering("resources/read", name: uri, limits: .init(server.toolTimeout), onProgress: nil) {
            $0.member("uri", uri)
        }
    }

    /// Has the server tell of new tools, where it has to be asked to.
    func listenForTools() {
        guard state.withLock({ $0.era }) == .modern else { return }
        let task = Task { [weak self] in
            guard let self else { return }
            // One that cannot do it has the tools that it had.
            _ = try? await request("subscriptions/listen", limits: .init(.seconds(86_400 * 365))) { writer in
                writer.member("notifications", object: { $0.member("toolsListChanged", true) })
            }
        }
        state.withLock { $0.listening = task }
    }

    /// Makes a request until its result is complete: a server of the newer kind asks by answering with a question.
    private func answering(
        _ method: String, name: String, headers: [(name: String, value: String)] = [], limits: Peer.TimeLimits,
        onProgress: (@Sendable (String) -> Void)?, params: (inout JSONWriter) -> Void
    ) async throws(MCPError) -> JSON {
        var replies: [(key: String, reply: String)] = []
        var requestState: JSON?
        for _ in 0..<Self.roundLimit {
            let result = try await renewing { () async throws(MCPError) in
                try await request(method, name: name, headers: headers, limits: limits, onProgress: onProgress) {
                    writer in
                    params(&writer)
                    if !replies.isEmpty {
                        writer.member(
                            "inputResponses",
                            object: {
                                for (key, reply) in replies {
                                    $0.key(key)
                                    $0.raw(reply.utf8)
                                }
                            })
                    }
                    if let requestState { writer.member("requestState", requestState) }
                }
            }
            guard result["resultType"]?.string == "input_required" else { return result }
            requestState = result["requestState"]
            replies = []
            for wish in result["inputRequests"].map({ Array($0.members.prefix(20)) }) ?? [] {
                let answer = await Self.answer(
                    wish.value["method"]?.string ?? "", wish.value["params"], of: server.name, ask: ask, holding: nil)
                guard case .success(let reply) = answer else {
                    throw MCPError(.invalid, "it asks for what is not offered: \(wish.key.bounded(60).quotedLine)")
                }
                replies.append((wish.key, reply))
            }
            guard !replies.isEmpty || requestState != nil else { break }
        }
        throw MCPError(.invalid, "it asks again and again, and does not answer")
    }

    private func request(
        _ method: String, name: String? = nil, headers: [(name: String, value: String)] = [],
        limits: Peer.TimeLimits, onProgress: (@Sendable (String) -> Void)? = nil,
        params: (inout JSONWriter) -> Void
    ) async throws(MCPError) -> JSON {
        let era = state.withLock { $0.era } ?? .modern
        return try await peer.request(
            method, name: name, headers: headers, limits: limits, onProgress: onProgress
        ) { writer, token in
            params(&writer)
            facts.writeMeta(era, progressToken: token, into: &writer)
        }
    }

    // MARK: The beginning

    private func begin(deadline: ContinuousClock.Instant) async throws(MCPError) -> ServerFacts {
        func left(_ most: Duration = .seconds(86_400)) -> Peer.TimeLimits {
            .init(max(.milliseconds(1), min(most, deadline - .now)))
        }
        var isProgram = false
        if case .command = server.place { isProgram = true }
        do throws(MCPError) {
            return try await discover(left(isProgram ? Self.discoveryPatience : .seconds(86_400)))
        } catch {
            guard Self.maySpeakOlder(error, isProgram: isProgram) else { throw error }
        }
        do throws(MCPError) {
            return try await initialize(left())
        } catch {
            // Only a server of the newer kind does not know the handshake: a slow one, or one that cannot be discovered.
            switch error.code {
            case .refused(RPCError.methodNotFound), .refused(MCPEra.unsupportedVersion): break
            default: throw error
            }
            return try await discover(left())
        }
    }

    /// Whether what came of the first question leaves room for the older kind.
    private static func maySpeakOlder(_ error: MCPError, isProgram: Bool) -> Bool {
        switch error.code {
        case .refused(MCPEra.unsupportedVersion):
            error.details?["supported"]?.elements.contains { $0.string == MCPEra.modernRevision } != true
        case .refused, .invalid, .sessionGone: true
        case .timedOut: isProgram
        case .status(let status): status != 401 && status != 403 && status < 500
        case .definition, .notStarted, .closed, .cancelled, .tooLarge: false
        }
    }

    private func discover(_ limits: Peer.TimeLimits) async throws(MCPError) -> ServerFacts {
        let result = try await peer.request("server/discover", limits: limits) { writer, _ in
            facts.writeMeta(.modern, progressToken: nil, into: &writer)
        }
        let supported = result["supportedVersions"]?.elements.compactMap(\.string) ?? []
        guard supported.contains(MCPEra.modernRevision) else {
            throw MCPError(
                .refused(MCPEra.unsupportedVersion), "it speaks \(supported.joined(separator: ", ").bounded(80))")
        }
        agree(on: .modern)
        return ServerFacts(result, .modern)
    }

    private func initialize(_ limits: Peer.TimeLimits) async throws(MCPError) -> ServerFacts {
        let result = try await peer.request("initialize", limits: limits) { writer, _ in
            writer.member("protocolVersion", MCPEra.legacyRevision)
            writer.key("capabilities")
            facts.writeCapabilities(into: &writer)
            writer.key("clientInfo")
            facts.writeInfo(into: &writer)
        }
        let revision = result["protocolVersion"]?.string ?? ""
        guard MCPEra.legacyRevisions.contains(revision) else {
            throw MCPError(
                .invalid,
                "it speaks the revision \(revision.bounded(40).quotedLine) of the protocol, which Graft does not know")
        }
        agree(on: .legacy(revision: revision))
        peer.notify("notifications/initialized")
        return ServerFacts(result, .legacy(revision: revision))
    }

    private func agree(on era: MCPEra) {
        state.withLock { $0.era = era }
        link.agree(on: era)
    }

    /// Begins a new session where the server has forgotten the old one, and asks once more.
    private func renewing(_ body: () async throws(MCPError) -> JSON) async throws(MCPError) -> JSON {
        let number = state.withLock { $0.renewals }
        do throws(MCPError) { return try await body() } catch {
            guard error.code == .sessionGone else { throw error }
        }
        try await renew(after: number)
        return try await body()
    }

    private func renew(after number: Int) async throws(MCPError) {
        let task = state.withLock { state -> Task<Void, any Error>? in
            // Another request has begun the new session.
            if state.renewals != number, state.renewal == nil { return nil }
            if let renewal = state.renewal { return renewal }
            state.renewals += 1
            let task = Task { [self] in _ = try await initialize(.init(server.startupTimeout)) }
            state.renewal = task
            return task
        }
        guard let task else { return }
        defer { state.withLock { $0.renewal = nil } }
        do { try await task.value } catch { throw error as? MCPError ?? MCPError(.closed, "\(error)") }
    }

    // MARK: Questions of the server

    private static func answer(
        _ method: String, _ params: JSON?, of server: String, ask: ElicitationQuestion?, holding peer: Peer?
    ) async -> Result<String, RPCError> {
        switch method {
        case "ping": return .success("{}")
        case "elicitation/create":
            guard let ask, let request = params.flatMap({ ElicitationRequest($0, server: server) }) else {
                return .success(ElicitationAnswer.decline.json)
            }
            let answer = if let peer { await peer.holding { await ask(request) } } else { await ask(request) }
            return .success(answer.json)
        default: return .failure(RPCError(RPCError.methodNotFound, "\(method.bounded(60)) is not offered"))
        }
    }
}
