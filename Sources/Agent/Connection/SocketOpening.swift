import Responses
import Synchronization
import Transport

/// A socket that is being opened, and what was done on it ahead of the first request.
struct SocketOpening: Sendable {
    /// An open socket.
    struct Opened: Sendable {
        let socket: WebSocketConnection
        /// When the server took it.
        let time: ContinuousClock.Instant
        /// The response of a request that only warmed the server up, if there was one.
        var warm: ResponseID?
    }

    private let task: Task<Opened, any Error>

    /// Begins to open a socket.
    init(_ route: ModelServer, deadlines: Deadlines) {
        task = Task { Opened(socket: try await route.openSocket(deadlines), time: .now) }
    }

    /// Goes on with a socket that is being opened, and has the server prepare for the first request.
    ///
    /// What goes wrong with that is not told: the first request then carries everything itself.
    init(_ opening: SocketOpening, warmingUpWith request: [UInt8], deadlines: Deadlines) {
        task = Task {
            var opened = try await withTaskCancellationHandler {
                try await opening.task.value
            } onCancel: {
                opening.cancel()
            }
            try opened.socket.send(request)
            var collector = ResponseCollector()
            let end = ContinuousClock.now + deadlines.promptEvent
            while case .message(let bytes, _) = try await opened.socket.receive(timeout: max(end - .now, .zero)) {
                let event = try ServerEvent(bytes)
                guard collector.receive(event) == .own else { break }
                if case .failed = event { return opened }
                guard case .ended(let end) = event else { continue }
                if end.outcome == .completed { opened.warm = end.id }
                return opened
            }
            throw TransportError(.closed, "the server closed the connection while it was warmed up")
        }
    }

    /// Waits for the socket; cancelling the waiting task ends the attempt.
    func value() async throws -> Opened {
        try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    /// Gives the attempt up, and closes the socket if it is open.
    func cancel() { task.cancel() }
}

/// A connection that is being opened before it is known what will be asked; letting go of it gives it up.
public final class Preconnection: Sendable {
    private let opening: Mutex<SocketOpening?>

    /// Begins to open a socket to a server.
    public init(_ route: ModelServer) {
        opening = Mutex(SocketOpening(route, deadlines: Deadlines()))
    }

    deinit { take()?.cancel() }

    /// Hands the connection over; nil if that was done before.
    func take() -> SocketOpening? { opening.withLock { $0.take() } }
}
