internal import CCurl
internal import Glibc
import Synchronization

/// One request in progress, shared by the waiting task and libcurl's thread.
///
/// The fields behind `nonisolated(unsafe)` belong to the client's thread alone.
final class HTTPTransfer: Sendable {
    /// Status and headers.
    struct Head: Sendable {
        var status: Int
        var headers: HTTPHeaders
    }

    /// What the reader of the body receives.
    enum Part: Sendable {
        case chunk([UInt8])
        case end
        case failed(TransportError)
    }

    let request: HTTPRequest
    let head = Mailbox<Result<Head, TransportError>>()
    let body = Mailbox<Part>()

    nonisolated(unsafe) private(set) var handle: CurlLibrary.Handle?
    nonisolated(unsafe) private(set) var lastActivity = ContinuousClock.now
    nonisolated(unsafe) private var list: CurlLibrary.List?
    nonisolated(unsafe) private var upload = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    nonisolated(unsafe) private var uploaded = 0
    nonisolated(unsafe) private let message = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    nonisolated(unsafe) private var incoming = Head(status: 0, headers: [])
    nonisolated(unsafe) private var hasHead = false

    init(_ request: HTTPRequest) {
        self.request = request
        message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit { message.deallocate() }

    /// Ends the transfer; only the first call has an effect.
    func finish(_ error: TransportError?) {
        head.finish(with: .failure(error ?? TransportError(.protocolError, "the answer has no head")))
        body.finish(with: error.map { .failed($0) } ?? .end)
    }

    // MARK: On the client's thread

    /// Makes libcurl's handle for the request.
    func prepare(_ curl: CurlLibrary, trust: TLSTrust, proxy: ProxySetting?) -> CurlLibrary.Handle? {
        guard let handle = curl.easyInit() else { return nil }
        self.handle = handle
        lastActivity = .now
        curl.set(handle, CURLOPT_URL, request.url.description)
        curl.set(handle, CURLOPT_PROTOCOLS_STR, "http,https")
        // An empty text is none, and keeps libcurl from reading the environment; so does an empty list of exceptions.
        curl.set(handle, CURLOPT_PROXY, proxy?.url ?? "")
        curl.set(handle, CURLOPT_NOPROXY, "")
        curl.set(handle, CURLOPT_NOSIGNAL, 1)
        // Without it, aborting would wait for a slow resolver.
        curl.set(handle, CURLOPT_QUICK_EXIT, 1)
        setLiveness(curl, handle)
        // Nothing compressed is asked for; a server that compresses all the same is understood.
        curl.set(handle, CURLOPT_ACCEPT_ENCODING, "identity")
        curl.set(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        curl.set(handle, CURLOPT_CONNECTTIMEOUT_MS, request.timeouts.connect.milliseconds)
        if let total = request.timeouts.total { curl.set(handle, CURLOPT_TIMEOUT_MS, total.milliseconds) }
        if let file = trust.certificateFile { curl.set(handle, CURLOPT_CAINFO, file) }
        curl.set(handle, CURLOPT_ERRORBUFFER, pointer: message)
        setMethod(curl, handle)
        setHeaders(curl, handle)
        let user = Unmanaged.passUnretained(self).toOpaque()
        curl.set(handle, CURLOPT_HEADERDATA, pointer: user)
        curl.set(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, user in
            HTTPTransfer.receive(bytes, size * count, user) { $0.receiveHeader($1) }
        }
        curl.set(handle, CURLOPT_WRITEDATA, pointer: user)
        curl.set(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, user in
            HTTPTransfer.receive(bytes, size * count, user) { $0.body.put(.chunk([UInt8]($1))) }
        }
        return handle
    }

    /// Frees what `prepare` made, once libcurl no longer uses it.
    func release(_ curl: CurlLibrary) {
        curl.easyCleanup(handle)
        curl.listFree(list)
        upload.deallocate()
        handle = nil
        list = nil
        upload = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    }

    /// libcurl's text for the failure.
    var curlMessage: String { String(cString: message) }

    /// The deadline of the idle limit; sent bytes reset it, too.
    func idleDeadline(_ curl: CurlLibrary) -> ContinuousClock.Instant {
        if let handle, !upload.isEmpty {
            let count = curl.uploadedBytes(handle)
            if count != uploaded { lastActivity = .now }
            uploaded = count
        }
        return lastActivity + request.timeouts.idle
    }

    /// Ends the connection to a peer that is gone: what is sent has to be acknowledged, and so have the kernel's questions
    /// while nothing is sent (tcp(7)).
    private func setLiveness(_ curl: CurlLibrary, _ handle: CurlLibrary.Handle) {
        curl.set(handle, CURLOPT_TCP_KEEPALIVE, 1)
        let third = max(1, request.timeouts.lostPeer.milliseconds / 3000)
        curl.set(handle, CURLOPT_TCP_KEEPIDLE, 2 * third)
        curl.set(handle, CURLOPT_TCP_KEEPINTVL, third)
        curl.set(handle, CURLOPT_SOCKOPTDATA, pointer: Unmanaged.passUnretained(self).toOpaque())
        curl.set(
            handle,
            sockets: { user, socket, _ in
                guard let user else { return CURL_SOCKOPT_ERROR }
                let transfer = Unmanaged<HTTPTransfer>.fromOpaque(user).takeUnretainedValue()
                var milliseconds = CUnsignedInt(clamping: transfer.request.timeouts.lostPeer.milliseconds)
                _ = setsockopt(
                    socket, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &milliseconds,
                    socklen_t(MemoryLayout<CUnsignedInt>.size))
                return CURL_SOCKOPT_OK
            })
    }

    private func setMethod(_ curl: CurlLibrary, _ handle: CurlLibrary.Handle) {
        if request.method == "HEAD" { curl.set(handle, CURLOPT_NOBODY, 1) }
        if !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(request.method) {
            // libcurl reads these bytes during the whole transfer.
            upload = .allocate(byteCount: request.body.count, alignment: 1)
            upload.copyBytes(from: request.body)
            curl.set(handle, CURLOPT_POST, 1)
            curl.set(handle, CURLOPT_POSTFIELDS, pointer: upload.baseAddress)
            curl.set(handle, CURLOPT_POSTFIELDSIZE_LARGE, offset: upload.count)
        }
        curl.set(handle, CURLOPT_CUSTOMREQUEST, request.method)
    }

    private func setHeaders(_ curl: CurlLibrary, _ handle: CurlLibrary.Handle) {
        // "Expect:" without a value removes the header, which would delay large bodies by a second.
        var lines = ["Expect:"]
        if request.headers["content-type"] == nil { lines.append("Content-Type:") }
        // A semicolon is libcurl's way to send an empty value.
        lines += request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        for line in lines { list = curl.listAppend(list, line) }
        curl.set(handle, CURLOPT_HTTPHEADER, pointer: list)
    }

    private static func receive(
        _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, _ user: UnsafeMutableRawPointer?,
        _ use: (HTTPTransfer, UnsafeRawBufferPointer) -> Void
    ) -> Int {
        guard let user else { return 0 }
        let transfer = Unmanaged<HTTPTransfer>.fromOpaque(user).takeUnretainedValue()
        transfer.lastActivity = .now
        use(transfer, UnsafeRawBufferPointer(start: bytes, count: count))
        return count
    }

    private func receiveHeader(_ bytes: UnsafeRawBufferPointer) {
        // Trailers of a chunked body are ignored.
        guard !hasHead else { return }
        let line = Substring(String(decoding: bytes, as: UTF8.self)).trimmed
        if line.hasPrefix("HTTP/") {
            let status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) }
            incoming = Head(status: status ?? 0, headers: [])
        } else if let colon = line.firstIndex(of: ":") {
            incoming.headers.append(
                String(line[..<colon].trimmed), String(line[line.index(after: colon)...].trimmed))
        } else if line.isEmpty, incoming.status >= 200 {
            hasHead = true
            head.finish(with: .success(incoming))
        }
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}

extension Duration {
    fileprivate var milliseconds: Int {
        let (seconds, rest) = components
        return max(1, Int(clamping: seconds) * 1000 + Int(rest / 1_000_000_000_000_000))
    }
}
