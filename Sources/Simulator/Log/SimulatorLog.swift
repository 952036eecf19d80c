import Glibc
import JSON
import OS
import Responses
import Synchronization

/// What a simulator received and when it had answered.
///
/// Times are nanoseconds of `CLOCK_MONOTONIC`, which is the same clock in every process of a machine.
public final class SimulatorLog: Sendable {
    /// One request: an HTTP request, or one message on a WebSocket.
    public struct Request: Sendable {
        /// How it came.
        public enum Transport: String, Sendable {
            /// A request of its own.
            case http
            /// A text message on a WebSocket.
            case webSocket = "websocket"
        }

        /// The number of the request, from 0.
        public let index: Int
        /// The number of the connection it came on.
        public let connection: Int
        /// How it came.
        public let transport: Transport
        /// The HTTP method; that of the upgrade for a message.
        public let method: String
        /// The path with its query.
        public let path: String
        /// The headers of the request or of the upgrade, names in lower case; `authorization` is left out.
        public let headers: [String: String]
        /// Whether an `Authorization` header came.
        public let isAuthorized: Bool
        /// When its last byte had arrived.
        public let arrived: UInt64
        /// The body as it came; empty when the log does not keep bodies.
        public internal(set) var body: [UInt8]
        /// The response that answered it.
        public internal(set) var responseID: String?
        /// The turn of the scenario that it led to.
        public internal(set) var turn: Int?
        /// The HTTP status, or that of the error event; 200 for a response that was played.
        public internal(set) var status: Int?
        /// The error's code, or its message where it has none.
        public internal(set) var error: String?
        /// When the last byte of the terminal event or of the answer was handed to the socket.
        public internal(set) var answered: UInt64?
        /// The client's violations of the protocol and of the scenario's expectations.
        public internal(set) var violations: [String] = []
    }

    private struct State {
        var requests: [Request] = []
        var file: Descriptor?
    }

    private let state: Mutex<State>
    private let keepsBodies: Bool

    /// Makes a log; with a path, every entry is also appended to that file as a line of JSON.
    ///
    /// Without bodies the log of a long run stays small; the file has them either way.
    public init(file: String? = nil, keepsBodies: Bool = true) throws(ServerError) {
        self.keepsBodies = keepsBodies
        var state = State()
        if let file {
            do throws(SystemError) {
                state.file = try Descriptor(opening: file, O_WRONLY | O_CREAT | O_APPEND, mode: 0o644)
            } catch {
                throw ServerError("cannot open the log \(file): \(error.reason)")
            }
        }
        self.state = Mutex(state)
    }

    /// All requests so far, in the order of their arrival.
    public var requests: [Request] { state.withLock { $0.requests } }

    /// The time now, on the log's clock.
    public static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    func received(
        connection: Int, transport: Request.Transport, _ head: RequestHead, arrived: UInt64, body: [UInt8]
    ) -> Int {
        state.withLock { state in
            let request = Request(
                index: state.requests.count, connection: connection, transport: transport, method: head.method,
                path: head.target, headers: head.visibleHeaders, isAuthorized: head.headers["authorization"] != nil,
                arrived: arrived, body: keepsBodies ? body : [])
            state.requests.append(request)
            Self.write(LogLine.request(request, body: body), to: state.file)
            return request.index
        }
    }

    func update(_ index: Int, _ change: (inout Request) -> Void) {
        state.withLock { state in
            let wasAnswered = state.requests[index].answered != nil
            change(&state.requests[index])
            if !wasAnswered, state.requests[index].answered != nil {
                Self.write(LogLine.answer(state.requests[index]), to: state.file)
            }
        }
    }

    private static func write(_ line: @autoclosure () -> [UInt8], to file: Descriptor?) {
        // A log that cannot be written must not end the simulation.
        if let file { try? FileContent.write(line(), to: file.raw) }
    }
}
