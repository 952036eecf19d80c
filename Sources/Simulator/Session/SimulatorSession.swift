import JSON
import Responses

/// All that the server knows, without any I/O: conversations, lanes, stored responses, the prompt cache.
///
/// Time comes in with each call. The only effects are the values that come back.
struct SimulatorSession: Sendable {
    /// Where a request came from.
    enum Origin: Sendable, Equatable {
        case http
        case webSocket(connection: Int)
    }

    /// What a `response.create` leads to.
    enum Outcome: Sendable {
        case play(Playback)
        case refuse(Refusal)
        /// The lane is busy, or the connection is: the request waits for `nextWaiting`.
        case wait
    }

    /// A request that is answered with an error.
    struct Refusal: Sendable {
        var error: APIError
        var streamID: String?
        var delay = 0
        /// The close code that follows on a WebSocket.
        var closeCode: UInt16?
        /// Cut the connection instead of answering.
        var isCut = false
        /// What is sent over HTTP before it is cut.
        var bytes: [UInt8] = []
    }

    /// The facts of one call, for the log.
    struct Note: Sendable {
        var violations: [String] = []
        var position: Int?
    }

    let scenario: Scenario
    /// Whether requests that the real API tolerates are refused.
    let isStrict: Bool
    var completion: ItemCompletion
    var known = KnownItems()
    var cache = PromptCache()
    var responses: [String: StoredResponse] = [:]
    var connections: [Int: ConnectionState] = [:]
    /// How often the fault of a turn has happened, by cache key and position.
    var faults: [FaultKey: Int] = [:]
    var handshakes = 0
    var refusedConnections = 0
    var compactFaults = 0
    /// Whether the scenario's last turn has been answered.
    var isLastTurnAnswered = false
    /// What the current call writes to the log.
    var note = Note()

    struct FaultKey: Hashable, Sendable {
        let cacheKey: String
        let position: Int
    }

    init(scenario: Scenario, isStrict: Bool = true, seed: UInt64 = 0) {
        self.scenario = scenario
        self.isStrict = isStrict
        completion = ItemCompletion(mint: IdentifierMint(seed: seed))
    }

    /// The refusal of a WebSocket upgrade that the scenario asks for, if it does.
    mutating func handshakeRefusal() -> HandshakeRefusal? {
        guard let handshake = scenario.handshake, handshakes < handshake.times ?? .max else { return nil }
        handshakes += 1
        return handshake.error.map { .error(APIError($0)) } ?? .bytes(handshake.bytes)
    }

    /// How an upgrade is refused.
    enum HandshakeRefusal {
        case error(APIError)
        case bytes([UInt8])
    }

    /// Whether a new connection is closed at once.
    mutating func refusesConnection() -> Bool {
        refusedConnections += 1
        return refusedConnections <= scenario.refusedConnections
    }

    /// Forgets a connection and the responses that only it held.
    mutating func close(connection: Int) {
        guard let state = connections.removeValue(forKey: connection) else { return }
        for lane in state.lanes.values {
            for id in [lane.latest, lane.running].compactMap(\.self) { forgetUnlessStored(id) }
        }
    }

    /// The next request that waited on a connection and can run now.
    mutating func nextWaiting(connection: Int) -> JSON? {
        guard var state = connections[connection], state.runningCount < 16 else { return nil }
        for (name, lane) in state.lanes where lane.running == nil && !lane.waiting.isEmpty {
            let request = state.lanes[name]?.waiting.removeFirst()
            connections[connection] = state
            return request
        }
        return nil
    }

    /// An output item went out: it is known from now on, also if the response does not end well.
    mutating func sent(item index: Int, of id: String) {
        guard var response = responses[id], index >= response.registered else { return }
        for item in response.playback.items[response.registered...index] {
            response.lastEntry = known.add(item, position: response.position, after: response.lastEntry)
        }
        response.registered = index + 1
        responses[id] = response
    }

    /// The terminal event of a response goes out: continuations may name it from now on.
    mutating func finish(_ id: String, origin: Origin, lane: String?) {
        guard var response = responses[id] else { return }
        let status = response.playback.ending.status
        if status != "failed", !response.playback.items.isEmpty {
            sent(item: response.playback.items.count - 1, of: id)
            response = responses[id] ?? response
        }
        response.isAnswered = true
        responses[id] = response
        if status != "failed", response.position >= scenario.turns.count { isLastTurnAnswered = true }
        guard case .webSocket(let connection) = origin else {
            if !response.isStored { responses[id] = nil }
            return
        }
        connections[connection]?.lanes[lane]?.running = nil
        guard status != "failed" else {
            if let parent = response.playback.head.previousID { evict(parent, connection: connection, lane: lane) }
            return forgetUnlessStored(id)
        }
        let before = connections[connection]?.lanes[lane]?.latest
        connections[connection]?.lanes[lane]?.latest = id
        if let before, before != id { forgetUnlessStored(before) }
    }

    /// A response will not be sent to its end: the connection was cut.
    mutating func abandon(_ id: String) {
        guard responses[id]?.isBackground != true else { return }
        responses[id] = nil
    }

    /// A failed continuation takes its parent out of the lane's cache; a failed fork of another lane does not.
    mutating func evict(_ parent: String, connection: Int, lane: String?) {
        guard connections[connection]?.lanes[lane]?.latest == parent else { return }
        connections[connection]?.lanes[lane]?.latest = nil
        forgetUnlessStored(parent)
    }

    private mutating func forgetUnlessStored(_ id: String) {
        guard responses[id]?.isStored == false, !connections.values.contains(where: { $0.holds(id) }) else { return }
        responses[id] = nil
    }
}
