internal import CWebSockets
import Synchronization

/// The state shared by the tasks that use a connection and its thread.
final class WebSocketLink: Sendable {
    /// What the thread writes next.
    enum Outgoing: Sendable {
        case message([UInt8])
        case close(code: UInt16, reason: String)
    }

    private struct State: ~Copyable {
        var queue: [Outgoing] = []
        var isClosing = false
        var isStopped = false
        /// Set while the context lives; other threads may only call `lws_cancel_service`.
        nonisolated(unsafe) var context: OpaquePointer?

        borrowing func wake() {
            if let context { lws_cancel_service(context) }
        }
    }

    /// The result of the handshake.
    let handshake = Mailbox<Result<Void, TransportError>>()
    /// Messages, and the end.
    let events = Mailbox<WebSocketEvent>()
    private let state = Mutex(State())

    // MARK: Called by tasks

    /// Queues a message; false if the connection is closing.
    func enqueue(_ message: [UInt8]) -> Bool {
        state.withLock { state in
            guard !state.isStopped, !state.isClosing else { return false }
            state.queue.append(.message(message))
            state.wake()
            return true
        }
    }

    func close(code: UInt16, reason: String) {
        state.withLock { state in
            guard !state.isStopped, !state.isClosing else { return }
            state.isClosing = true
            state.queue.append(.close(code: code, reason: reason))
            state.wake()
        }
    }

    /// Stops the thread when the connection was released, unless it is finishing a close handshake.
    func abandon() {
        let isClosing = state.withLock { $0.isClosing }
        if !isClosing { end(code: nil, reason: "the connection was let go") }
    }

    // MARK: Called by either side

    /// Ends the connection, and an unfinished handshake with this error.
    func fail(_ error: TransportError) {
        handshake.finish(with: .failure(error))
        end(code: nil, reason: error.message)
    }

    /// Delivers the last event and stops the thread; only the first call has an effect.
    func end(code: UInt16?, reason: String) {
        state.withLock { state in
            state.isStopped = true
            state.queue = []
            state.wake()
        }
        announceEnd(code: code, reason: reason)
    }

    /// Delivers the last event while the thread continues the close handshake.
    func announceEnd(code: UInt16?, reason: String) {
        // First, so that nothing is sent after the end was seen.
        state.withLock { $0.isClosing = true }
        handshake.finish(with: .failure(TransportError(.closed, reason)))
        events.finish(with: .closed(code: code, reason: reason))
    }

    // MARK: Called by the service thread

    /// Sets the context that other threads may wake.
    func bind(_ context: OpaquePointer?) {
        nonisolated(unsafe) let context = context
        state.withLock { $0.context = context }
    }

    var isStopped: Bool { state.withLock { $0.isStopped } }

    var hasOutgoing: Bool { state.withLock { !$0.queue.isEmpty } }

    func nextOutgoing() -> Outgoing? { state.withLock { $0.queue.isEmpty ? nil : $0.queue.removeFirst() } }
}
