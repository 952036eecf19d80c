import Configuration
import JSONRPC
import Synchronization
import Text
import Transport

/// A server behind HTTP: each message is a request of its own, and its answer JSON or a stream of events (MCP,
/// "Streamable HTTP").
final class HTTPLink: MCPLink {
    private struct State {
        var era: MCPEra?
        var session: String?
        var tasks: [RPCID: Task<Void, Never>] = [:]
        var others: [Int: Task<Void, Never>] = [:]
        var lastOther = 0
        var isClosed = false
    }

    private static let connectLimit: Duration = .seconds(10)
    /// The longest silence on a connection; the deadlines of requests are shorter.
    private static let idleLimit: Duration = .seconds(3600)
    /// How often a stream that was cut off is asked for again.
    private static let resumptions = 5

    private let address: HTTPAddress
    private let http: HTTPClient
    private let receive: @Sendable (LinkEvent) -> Void
    private let state = Mutex(State())

    /// Makes a link; nothing is sent before a message is.
    init(
        _ address: HTTPAddress, environment: [String: String], receive: @escaping @Sendable (LinkEvent) -> Void
    ) {
        self.address = address
        self.receive = receive
        http = HTTPClient(
            trust: TLSTrust(environment: environment),
            proxy: ProxySetting.select(for: address.endpoint, environment: environment))
    }

    func start() async throws(MCPError) {}

    func agree(on era: MCPEra) {
        let hasSession = state.withLock { state in
            state.era = era
            return state.session != nil
        }
        // What servers of the older kind say by themselves comes over a stream of its own.
        if case .legacy = era, hasSession { startOther { await $0.listen() } }
    }

    func send(_ message: OutgoingMessage) throws(MCPError) {
        guard let id = message.id else { return startOther { await $0.deliver(message) } }
        let task = Task { [weak self] in
            await self?.exchange(message, id)
            self?.state.withLock { _ = $0.tasks.removeValue(forKey: id) }
        }
        let isClosed = state.withLock { state in
            state.tasks[id] = task
            return state.isClosed
        }
        if isClosed { task.cancel() }
    }

    func abandon(_ id: RPCID) {
        // Servers of the newer kind are told by the end of the stream that nobody waits any more.
        state.withLock { $0.tasks.removeValue(forKey: id) }?.cancel()
    }

    func close() async {
        let (tasks, session) = state.withLock { state in
            state.isClosed = true
            defer { (state.tasks, state.others, state.session) = ([:], [:], nil) }
            return (Array(state.tasks.values) + Array(state.others.values), state.session)
        }
        for task in tasks { task.cancel() }
        guard let session else { return }
        var request = self.request("DELETE")
        request.headers.append("Mcp-Session-Id", session)
        request.timeouts.total = .seconds(2)
        // The server forgets the session sooner or later anyway.
        _ = try? await http.request(request)
    }

    // MARK: Messages

    /// Runs something that belongs to no request until the link is closed.
    private func startOther(_ body: @escaping @Sendable (HTTPLink) async -> Void) {
        let number = state.withLock { state in
            state.lastOther += 1
            return state.lastOther
        }
        let task = Task { [weak self] in
            guard let self else { return }
            await body(self)
            state.withLock { _ = $0.others.removeValue(forKey: number) }
        }
        let isClosed = state.withLock { state in
            if !state.isClosed { state.others[number] = task }
            return state.isClosed
        }
        if isClosed { task.cancel() }
    }

    /// Sends what has no answer.
    private func deliver(_ message: OutgoingMessage) async {
        // A server that does not take it shows that with the next request.
        _ = try? await http.request(request("POST", message))
    }

    /// Makes a request and gives on what comes of it.
    private func exchange(_ message: OutgoingMessage, _ id: RPCID) async {
        do throws(TransportError) {
            let stream = try await http.stream(request("POST", message))
            if message.method == "initialize", let session = stream.headers["mcp-session-id"] {
                state.withLock { $0.session = session }
            }
            let type = (stream.headers["content-type"] ?? "").lowercased()
            if type.hasPrefix("text/event-stream") { return await follow(stream.body, of: id) }
            guard type.hasPrefix("application/json") else {
                return receive(
                    .failed(
                        id,
                        MCPError(
                            .invalid,
                            "it answers with \(type.isEmpty ? "no content" : type.bounded(60).quotedLine) and no message"
                        )))
            }
            try await readWhole(stream.body, of: id)
        } catch { receive(.failed(id, failure(error, message))) }
    }

    private func readWhole(_ body: HTTPBody, of id: RPCID) async throws(TransportError) {
        var bytes: [UInt8] = []
        let chunks = body.makeAsyncIterator()
        while let chunk = try await chunks.next() {
            bytes += chunk
            guard bytes.count <= LinkLimits.message else { return receive(.oversized(id, byteCount: bytes.count)) }
        }
        for message in RPCMessage.read(bytes) { receive(LinkEvent(message, bytes)) }
        receive(.failed(id, MCPError(.invalid, "its answer holds no answer")))
    }

    // MARK: Streams

    /// Gives on the messages of a stream; one that is cut off is asked for again where it had come to.
    private func follow(_ body: HTTPBody, of id: RPCID) async {
        var (body, reader) = (body, StreamReader())
        for attempt in 0...Self.resumptions {
            let end = await read(body, into: &reader)
            // One without an answer fails here, one with it is closed already.
            guard let last = reader.lastID, attempt < Self.resumptions, state.withLock({ $0.session != nil }) else {
                return receive(.failed(id, end ?? MCPError(.closed, "the stream of its answer has ended before it")))
            }
            guard state.withLock({ $0.tasks[id] != nil }), !reader.answered.contains(id), !Task.isCancelled else {
                return
            }
            do throws(TransportError) { body = try await http.stream(listening(after: last)).body } catch {
                return receive(.failed(id, failure(error, nil)))
            }
        }
    }

    /// Listens to what a server says by itself; one that has no such stream refuses (405).
    private func listen() async {
        var reader = StreamReader()
        for _ in 0...Self.resumptions {
            guard let stream = try? await http.stream(listening(after: reader.lastID)) else { return }
            _ = await read(stream.body, into: &reader)
            if Task.isCancelled { return }
        }
    }

    /// Reads a stream to its end; returns why it was cut off.
    private func read(_ body: HTTPBody, into reader: inout StreamReader) async -> MCPError? {
        do throws(TransportError) {
            let chunks = body.makeAsyncIterator()
            while let chunk = try await chunks.next() {
                for event in try reader.feed(chunk) { receive(event) }
            }
            return nil
        } catch {
            return failure(error, nil)
        }
    }

    // MARK: Requests

    private func request(_ method: String, _ message: OutgoingMessage? = nil) -> HTTPRequest {
        let (era, session) = state.withLock { ($0.era, $0.session) }
        var request = HTTPRequest(method, address.endpoint, headers: address.headers, body: message?.bytes ?? [])
        if message != nil { request.headers.append("Content-Type", "application/json") }
        request.headers.append("Accept", "application/json, text/event-stream")
        // The first request of all is one of the newer kind.
        let revision = era?.revision ?? (message?.method == "initialize" ? nil : MCPEra.modernRevision)
        if let revision { request.headers.append("MCP-Protocol-Version", revision) }
        if revision == MCPEra.modernRevision, let method = message?.method {
            request.headers.append("Mcp-Method", method.asHeader)
            if let name = message?.name { request.headers.append("Mcp-Name", name.asHeader) }
            for (name, value) in message?.headers ?? [] { request.headers.append(name, value.asHeader) }
        } else if let session, message?.method != "initialize" {
            request.headers.append("Mcp-Session-Id", session)
        }
        request.timeouts.connect = Self.connectLimit
        request.timeouts.idle = Self.idleLimit
        return request
    }

    private func listening(after last: String?) -> HTTPRequest {
        var request = request("GET")
        if let last { request.headers.append("Last-Event-ID", last) }
        return request
    }

    private func failure(_ error: TransportError, _ message: OutgoingMessage?) -> MCPError {
        switch error.code {
        case .refused(let status): return refusal(status, error)
        case .cancelled: return MCPError(.cancelled, "cancelled")
        case .timedOut: return MCPError(.timedOut, error.message)
        case .connectFailed, .proxy, .tls, .invalid:
            return MCPError(.notStarted, error.message, nextStep: error.nextStep)
        case .closed: return MCPError(.closed, error.message)
        case .protocolError: return MCPError(.tooLarge, error.message)
        }
    }

    private func refusal(_ status: Int, _ error: TransportError) -> MCPError {
        // Servers of the newer kind put the error of JSON-RPC into the body.
        if case .success(.response(_, .failure(let refusal))) = RPCMessage.read(error.body).first {
            let isGone = status == 404 && state.withLock { $0.session != nil }
            return MCPError(
                isGone ? .sessionGone : .refused(refusal.code), "it answers: \(refusal.message.bounded(500))",
                details: refusal.data)
        }
        switch status {
        case 404 where state.withLock({ $0.session != nil }):
            return MCPError(.sessionGone, "it does not know the session any more")
        case 401, 403:
            return MCPError(
                .status(status), "it refuses who asks (status \(status))",
                nextStep: "name the variable of a token with bearer_token_env_var")
        default:
            let text = String(decoding: error.body.prefix(500), as: UTF8.self).bounded(200)
            return MCPError(.status(status), "it answers with status \(status)" + (text.isEmpty ? "" : ": \(text)"))
        }
    }
}
