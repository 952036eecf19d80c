import JSON
import Synchronization

/// The conversation with a browser: commands with their replies, and events.
///
/// Any thread may send; what comes in is handed over by one thread, in order.
final class DebuggingLink: Sendable {
    /// What a command came to; nil where the browser will not reply because the page went to the background.
    typealias Reply = Result<JSON?, BrowserError>

    private struct Waiting {
        let session: String?
        let resume: @Sendable (Reply) -> Void
    }

    private struct State {
        var lastID = 0
        var waiting: [Int: Waiting] = [:]
        var splitter = MessageSplitter()
        /// Why nothing more comes; nil while something may.
        var end: BrowserError?
        var write: @Sendable ([UInt8]) -> Bool = { _ in false }
        var onEvent: @Sendable (ProtocolEvent, _ session: String?) -> Void = { _, _ in }
    }

    private let state = Mutex(State())

    /// Connects both ends.
    ///
    /// - Parameters:
    ///   - write: Sends bytes to the browser; false if it takes no more.
    ///   - onEvent: Receives events, on the thread that hands bytes over.
    func connect(
        write: @escaping @Sendable ([UInt8]) -> Bool,
        onEvent: @escaping @Sendable (ProtocolEvent, _ session: String?) -> Void
    ) {
        state.withLock { ($0.write, $0.onEvent) = (write, onEvent) }
    }

    /// Sends a command and does not wait for its reply.
    ///
    /// - Parameter then: Called with the reply, on the thread that hands bytes over.
    func post(_ command: ProtocolCommand, to session: String?, then: (@Sendable (Reply) -> Void)? = nil) {
        let (id, write) = nextMessage()
        if let then { state.withLock { $0.waiting[id] = Waiting(session: session, resume: then) } }
        _ = write(command.message(id: id, session: session))
    }

    /// Sends a command and waits for its reply.
    ///
    /// - Throws: `.late` after the limit, `.ended`, `.failed` with the browser's words, `.interrupted`.
    func call(
        _ command: ProtocolCommand, on session: String?, within limit: Duration
    ) async throws(BrowserError) -> JSON? {
        let (id, write) = nextMessage()
        let message = command.message(id: id, session: session)
        let reply = await withTaskCancellationHandler {
            var timer: Task<Void, Never>?
            let reply = await withCheckedContinuation { continuation in
                let end: BrowserError? = state.withLock { state in
                    if Task.isCancelled { return BrowserError(.interrupted, "interrupted") }
                    if state.end == nil {
                        state.waiting[id] = Waiting(session: session) { continuation.resume(returning: $0) }
                    }
                    return state.end
                }
                if let end { return continuation.resume(returning: .failure(end)) }
                // What takes nothing any more has ended, or will not be of use again.
                if !write(message) { self.end(BrowserError(.ended, "the browser has ended")) }
                timer = Task { [weak self] in
                    // A cancelled sleep means that the reply is there.
                    guard (try? await Task.sleep(for: limit)) != nil else { return }
                    self?.finish(id, .failure(BrowserError(.late, "no answer to \(command.method)")))
                }
            }
            timer?.cancel()
            return reply
        } onCancel: {
            finish(id, .failure(BrowserError(.interrupted, "interrupted")))
        }
        return try reply.get()
    }

    /// Takes what the browser has written.
    func receive(_ bytes: [UInt8]) {
        let (messages, onEvent) = state.withLock { ($0.splitter.take(bytes), $0.onEvent) }
        for message in messages {
            // What is not JSON is no message of a browser.
            guard let json = try? JSON(message) else { continue }
            if let id = json["id"]?.int {
                take(json, for: id)
            } else if let method = json["method"]?.string, let event = ProtocolEvent(method, json["params"]) {
                onEvent(event, json["sessionId"]?.string)
            }
        }
    }

    /// Ends the waiting for replies of a page, which will not come or are of no use.
    func release(_ session: String, _ reply: Reply = .success(nil)) {
        let waiting = state.withLock { state in
            let found = state.waiting.filter { $0.value.session == session }
            for id in found.keys { state.waiting[id] = nil }
            return found.values
        }
        for entry in waiting { entry.resume(reply) }
    }

    /// Ends the conversation.
    func end(_ error: BrowserError) {
        let waiting = state.withLock { state in
            state.end = state.end ?? error
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for entry in waiting { entry.resume(.failure(error)) }
    }

    /// Why nothing more comes; nil while something may.
    var ending: BrowserError? { state.withLock { $0.end } }

    private func nextMessage() -> (id: Int, write: @Sendable ([UInt8]) -> Bool) {
        state.withLock { state in
            state.lastID += 1
            return (state.lastID, state.write)
        }
    }

    private func take(_ json: JSON, for id: Int) {
        if let error = json["error"] {
            finish(id, .failure(BrowserError(.failed, error["message"]?.string ?? "the browser does not do it")))
        } else {
            finish(id, .success(json["result"]))
        }
    }

    private func finish(_ id: Int, _ reply: Reply) {
        state.withLock { $0.waiting.removeValue(forKey: id) }?.resume(reply)
    }
}
