import Synchronization

/// Makes HTTP requests through libcurl and keeps connections for later ones.
///
/// HTTP/2 where TLS negotiates it, HTTP/1.1 otherwise. Redirects are not followed, because requests carry a key.
/// libcurl does not look for a proxy in the environment. libcurl and the client's thread start with the first request. Releasing the last reference ends the thread.
public final class HTTPClient: Sendable {
    /// The most bytes kept of the body of an answer that is not 2xx.
    static let refusalByteLimit = 4 << 20

    private let trust: TLSTrust
    private let proxy: ProxySetting?
    private let loop = Mutex<HTTPLoop?>(nil)

    /// Makes a client with these certificate authorities, and a proxy if there is one.
    public init(trust: TLSTrust = TLSTrust(), proxy: ProxySetting? = nil) {
        self.trust = trust
        self.proxy = proxy
    }

    deinit { loop.withLock { $0?.stop() } }

    /// Makes a request and reads the whole answer, whatever its status.
    ///
    /// - Throws: `.protocolError` when the body of a 2xx answer exceeds `answerByteLimit`, `.cancelled` at once when
    ///   the task is cancelled, otherwise the code of the failure; never `.refused`.
    public func request(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let (head, body) = try await start(request)
        return try await read(head, body, byteLimit: request.answerByteLimit)
    }

    /// Makes a request and returns the body of a 2xx answer as it arrives.
    ///
    /// - Throws: `.refused` with headers and body when the status is not 2xx, `.cancelled` at once when the task is
    ///   cancelled, otherwise the code of the failure.
    public func stream(_ request: HTTPRequest) async throws(TransportError) -> HTTPStream {
        let (head, body) = try await start(request)
        guard !(200...299).contains(head.status) else {
            return HTTPStream(status: head.status, headers: head.headers, body: body)
        }
        let answer = try await read(head, body, byteLimit: 0)
        throw TransportError(
            .refused(status: answer.status), "\(request.url) answered with status \(answer.status)",
            headers: answer.headers, body: answer.body)
    }

    /// Ends a transfer whose answer is no longer needed.
    func abort(_ transfer: HTTPTransfer) {
        guard !transfer.body.isFinished else { return }
        loop.withLock { $0?.abort(transfer) }
    }

    private func start(_ request: HTTPRequest) async throws(TransportError) -> (HTTPTransfer.Head, HTTPBody) {
        try request.validate()
        if request.url.isSecure { try trust.validate() }
        let transfer = HTTPTransfer(request)
        // Made before the wait, so that every way out aborts the transfer.
        let body = HTTPBody(transfer, client: self)
        try startedLoop().add(transfer)
        switch await transfer.head.take() {
        case .success(let head): return (head, body)
        case .failure(let error): throw error
        case nil: throw TransportError(.cancelled, "the request to \(request.url.authority) was cancelled")
        }
    }

    private func read(
        _ head: HTTPTransfer.Head, _ body: HTTPBody, byteLimit: Int
    ) async throws(TransportError) -> HTTPResponse {
        let isGood = (200...299).contains(head.status)
        var bytes: [UInt8] = []
        while let chunk = try await body.next() {
            bytes += chunk
            if isGood, bytes.count > byteLimit {
                throw TransportError(.protocolError, "the answer has more than \(byteLimit) bytes")
            }
            if !isGood, bytes.count >= Self.refusalByteLimit {
                bytes = Array(bytes.prefix(Self.refusalByteLimit))
                break
            }
        }
        return HTTPResponse(status: head.status, headers: head.headers, body: bytes)
    }

    private func startedLoop() throws(TransportError) -> HTTPLoop {
        let started = loop.withLock { loop in
            Result { () throws(TransportError) in
                if let loop { return loop }
                let new = try HTTPLoop(CurlLibrary.shared.get(), trust: trust, proxy: proxy)
                try startServiceThread { new.run() }
                loop = new
                return new
            }
        }
        return try started.get()
    }
}
