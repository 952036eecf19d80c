import JSON
import Responses

/// One client's connection, as the service thread sees it.
final class Connection {
    /// An answer that is being sent.
    struct Playing {
        /// What goes out first; the playback follows.
        var steps: ArraySlice<Playback.Step> = []
        var playback: Playback?
        /// The number of the request in the log.
        let request: Int
        var lane: String?
        /// Nothing is sent before this time of the log's clock.
        var wakeAt: UInt64 = 0
        /// Events that are left out because the client has them.
        var skip = 0
        /// The most milliseconds that a wait takes, when a response is replayed.
        var longestWait: Int?

        mutating func next() -> Playback.Step? { steps.popFirst() ?? playback?.next() }
    }

    /// How an HTTP request is answered.
    enum Answer {
        /// A JSON body, made of the terminal event or of the response.
        case json(status: Int, headers: [String: String])
        /// Server-sent events.
        case events
    }

    let number: Int
    let wsi: OpaquePointer
    var isWebSocket = false
    var head = RequestHead()
    var received: [UInt8] = []
    var playing: [Playing] = []
    /// The log's numbers of requests that wait for their lane, by lane.
    var waiting: [String?: [Int]] = [:]
    /// Which of the answers is next, so that lanes share the connection.
    var turn = 0
    /// The log's number of the HTTP request that is being answered.
    var request = 0
    var answer = Answer.json(status: 200, headers: [:])
    var areHeadersOut = false
    /// Requests whose answer was handed over but is not all in the socket.
    var unstamped: [Int] = []
    /// Bytes of an HTTP answer that the socket did not take yet.
    var pending: ArraySlice<UInt8> = []
    /// Whether the HTTP answer ends with the pending bytes.
    var isLastPending = false
    /// Whether an HTTP request is being answered.
    var isAnswering = false
    /// When the connection has reached its lifetime.
    var endsAt: UInt64?
    /// The body is too large and is not kept.
    var isOverLimit = false

    init(number: Int, wsi: OpaquePointer) {
        self.number = number
        self.wsi = wsi
    }

    /// The answer that can go on now.
    func ready(at now: UInt64) -> Int? {
        guard !playing.isEmpty else { return nil }
        for offset in 0..<playing.count {
            let index = (turn + offset) % playing.count
            if playing[index].wakeAt <= now {
                turn = index + 1
                return index
            }
        }
        return nil
    }

    /// The next time at which something happens by itself.
    var alarm: UInt64? { (playing.map(\.wakeAt) + [endsAt].compactMap(\.self)).filter { $0 > 0 && $0 < .max }.min() }
}
