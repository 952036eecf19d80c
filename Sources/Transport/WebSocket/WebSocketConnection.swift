/// An open WebSocket that sends and receives whole text messages.
///
/// Each connection has its own thread, so that a slow resolver or peer delays no other. Releasing the last reference
/// cuts the connection; after `close`, the close handshake is finished first.
public final class WebSocketConnection: Sendable {
    private let link: WebSocketLink

    private init(link: WebSocketLink) { self.link = link }

    deinit { link.abandon() }

    /// Opens a WebSocket; redirects are refused, because the headers carry a key.
    ///
    /// A literal IPv6 address works with `ws` only: libwebsockets truncates the name that it verifies at the first
    /// colon.
    ///
    /// - Throws: `.refused` with the status when the server answers with anything but 101, `.timedOut` after
    ///   `handshakeTimeout`, `.cancelled` at once when the task is cancelled, otherwise the code of the failure.
    public static func connect(
        to endpoint: Endpoint, headers: HTTPHeaders = [], options: WebSocketOptions = WebSocketOptions()
    ) async throws(TransportError) -> WebSocketConnection {
        guard endpoint.scheme == .wss || endpoint.scheme == .ws else {
            throw TransportError(.invalid, "\(endpoint) is not the address of a WebSocket")
        }
        try headers.validate()
        if endpoint.isSecure { try options.trust.validate() }
        let link = WebSocketLink()
        let request = WebSocketRequest(endpoint: endpoint, headers: headers, options: options)
        try startServiceThread { WebSocketService(link: link, request: request).run() }

        let expire: @Sendable () -> Void = { link.fail(.handshakeTimeOut(endpoint, options.handshakeTimeout)) }
        let handshake = await withDeadline(options.handshakeTimeout, expire: expire) { await link.handshake.take() }
        switch handshake {
        case .success: return WebSocketConnection(link: link)
        case .failure(let error): throw error
        case nil:
            let error = TransportError(.cancelled, "connecting to \(endpoint.authority) was cancelled")
            link.fail(error)
            throw error
        }
    }

    /// Queues a text message of any size, without waiting.
    ///
    /// Above 1 MiB it is sent in fragments, so that pings get through a slow line.
    ///
    /// - Throws: `.closed` when the connection has ended or `close` was called. A message that was queued has not
    ///   necessarily reached the server when the connection ends later.
    public func send(_ message: [UInt8]) throws(TransportError) {
        guard link.enqueue(message) else { throw TransportError(.closed, "the WebSocket is closed") }
    }

    /// Waits for the next message or the end; only one task may wait.
    ///
    /// - Throws: `.cancelled` when the task is cancelled; the connection stays as it is.
    public func receive() async throws(TransportError) -> WebSocketEvent {
        guard let event = await link.events.take() else {
            throw TransportError(.cancelled, "waiting for a WebSocket message was cancelled")
        }
        return event
    }

    /// Waits for the next message or the end, at most for `timeout`.
    ///
    /// - Throws: `.timedOut` when nothing came, `.cancelled` when the task is cancelled; the connection stays as it is.
    public func receive(timeout: Duration) async throws(TransportError) -> WebSocketEvent {
        let result = await withTaskGroup(of: Result<WebSocketEvent, TransportError>.self) { group in
            group.addTask { await Result { () async throws(TransportError) in try await self.receive() } }
            group.addTask {
                // A cancelled sleep means that an event came first, or that the caller was cancelled.
                let slept = (try? await Task.sleep(for: timeout)) != nil
                return .failure(TransportError(slept ? .timedOut : .cancelled, "no WebSocket message in \(timeout)"))
            }
            var first: Result<WebSocketEvent, TransportError>?
            for await result in group {
                group.cancelAll()
                // An event that arrived while the timer expired must not be lost.
                if case .success = result { return result }
                first = first ?? result
            }
            return first ?? .failure(TransportError(.cancelled, "waiting for a WebSocket message was cancelled"))
        }
        return try result.get()
    }

    /// Sends the queued messages and a close frame, and waits at most 5 seconds in the background for the answer; the
    /// end arrives as an event.
    ///
    /// The reason is truncated to 123 bytes, the limit of a close frame.
    public func close(code: UInt16 = 1000, reason: String = "") { link.close(code: code, reason: reason) }
}

extension Result where Failure == TransportError {
    fileprivate init(_ body: () async throws(TransportError) -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
