import Dispatch
import JSON
import JSONRPC
import Synchronization
import Testing

@testable import MCP

struct PeerTests {
    /// A link that keeps what is sent.
    private final class Wire: MCPLink {
        private let all = Mutex<(sent: [OutgoingMessage], abandoned: [RPCID])>(([], []))

        var sent: [OutgoingMessage] { all.withLock { $0.sent } }
        var abandoned: [RPCID] { all.withLock { $0.abandoned } }
        /// The methods of all messages.
        var methods: [String] { sent.map { $0.method ?? "answer" } }

        func start() async {}
        func send(_ message: OutgoingMessage) { all.withLock { $0.sent.append(message) } }
        func abandon(_ id: RPCID) { all.withLock { $0.abandoned.append(id) } }
        func close() async {}

        /// Waits until so many messages were sent.
        func waitFor(_ count: Int) async { while sent.count < count { await Task.yield() } }
    }

    private let wire = Wire()
    private let peer: Peer

    init() {
        peer = Peer(
            .init(
                request: { _, method, _ in
                    method == "ping" ? .success("{}") : .failure(RPCError(RPCError.methodNotFound, "no \(method)"))
                }, notification: { _, _ in }, notice: { _ in }, closed: { _ in }))
        peer.attach(wire)
    }

    private func ask(
        _ method: String, _ limits: Peer.TimeLimits = .init(.seconds(60)),
        onProgress: (@Sendable (String) -> Void)? = nil
    ) async -> Result<String, MCPError> {
        do throws(MCPError) {
            return .success(
                try await peer.request(method, limits: limits, onProgress: onProgress) { writer, token in
                    if let token { writer.member("token", token) }
                }.rawText)
        } catch { return .failure(error) }
    }

    private func receive(_ text: String) { Self.receive(text, peer) }

    private static func receive(_ text: String, _ peer: Peer) {
        for message in RPCMessage.read(Array(text.utf8)) { peer.receive(LinkEvent(message, Array(text.utf8))) }
    }

    @Test func `Answers find their requests in any order, and only once`() async throws {
        async let one = ask("one")
        await wire.waitFor(1)
        async let two = ask("two")
        await wire.waitFor(2)
        receive(#"{"id":2,"result":"second"}"#)
        receive(#"{"id":2,"result":"again"}"#)
        receive(#"{"id":7,"result":"nobody's"}"#)
        receive(#"{"id":1,"error":{"code":-32602,"message":"bad"}}"#)
        #expect(try await two.get() == #""second""#)
        guard case .failure(let error) = await one else { return #expect(Bool(false)) }
        #expect(error.code == .refused(-32602) && error.message == "it answers: bad")
    }

    @Test func `A request without an answer ends with its time, and the server is told`() async {
        let result = await ask("slow", .init(.milliseconds(20)))
        guard case .failure(let error) = result else { return #expect(Bool(false)) }
        #expect(error.code == .timedOut)
        #expect(wire.methods == ["slow", "notifications/cancelled"])
        #expect(wire.abandoned == [RPCID(1)])
    }

    @Test func `A handshake that takes too long is not cancelled at the server`() async {
        _ = await ask("initialize", .init(.milliseconds(20)))
        #expect(wire.methods == ["initialize"])
    }

    @Test func `A cancelled task ends its request`() async {
        let task = Task { await ask("long") }
        await wire.waitFor(1)
        task.cancel()
        guard case .failure(let error) = await task.value else { return #expect(Bool(false)) }
        #expect(error.code == .cancelled)
        #expect(wire.methods.last == "notifications/cancelled")
    }

    @Test func `Progress is told, and gives no more than the hard limit`() async {
        let told = Mutex<[String]>([])
        let (peer, start) = (peer, ContinuousClock.now)
        let progress =
            #"{"method":"notifications/progress","params":{"progressToken":"progress-1","progress":1,"#
            + #""total":4,"message":"at it"}}"#
        // A queue of its own has a thread when the tests beside this one occupy all those of the pool.
        let server = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "progress"))
        server.schedule(deadline: .now(), repeating: .milliseconds(10))
        server.setEventHandler { Self.receive(progress, peer) }
        server.activate()
        defer { server.cancel() }
        let result = await ask("work", .init(.seconds(3), total: .seconds(4))) { words in
            told.withLock { $0.append(words) }
        }
        guard case .failure(let error) = result else { return #expect(Bool(false)) }
        #expect(error.code == .timedOut)
        #expect(told.withLock { $0.first } == "at it 1 of 4")
        #expect(ContinuousClock.now - start >= .milliseconds(3900))
    }

    @Test func `Whatever waits fails with the end of the server, and so does what follows`() async {
        async let waiting = ask("one")
        await wire.waitFor(1)
        peer.receive(.closed(MCPError(.closed, "it has ended")))
        guard case .failure(let error) = await waiting, case .failure(let later) = await ask("two") else {
            return #expect(Bool(false))
        }
        #expect(error.code == .closed && later.code == .closed)
        #expect(wire.methods == ["one"])
    }

    @Test func `An answer that is too large fails the request that it was for, or all of them`() async {
        async let one = ask("one")
        await wire.waitFor(1)
        async let two = ask("two")
        await wire.waitFor(2)
        peer.receive(.oversized(RPCID(1), byteCount: 50 << 20))
        guard case .failure(let error) = await one else { return #expect(Bool(false)) }
        #expect(error.code == .tooLarge && error.message.contains("50 MB"))
        peer.receive(.oversized(nil, byteCount: 50 << 20))
        guard case .failure = await two else { return #expect(Bool(false)) }
    }

    @Test func `A server that prints without end is ended`() async {
        async let one = ask("one")
        await wire.waitFor(1)
        for _ in 0...LinkLimits.noiseLines { peer.receive(.noise("x", byteCount: 1)) }
        guard case .failure(let error) = await one else { return #expect(Bool(false)) }
        #expect(error.code == .invalid)
    }

    @Test func `Requests of the server are answered`() async throws {
        receive(#"{"id":"a","method":"ping"}"#)
        await wire.waitFor(1)
        receive(#"{"id":"b","method":"roots/list"}"#)
        await wire.waitFor(2)
        let answers = wire.sent.map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(answers[0] == #"{"jsonrpc":"2.0","id":"a","result":{}}"#)
        #expect(answers[1].contains("-32601"))
    }
}
