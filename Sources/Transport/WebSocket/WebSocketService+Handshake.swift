internal import CWebSockets

extension WebSocketService {
    /// The headers kept of a refusal: about retries and support.
    private static let keptHeaders = [
        "retry-after", "retry-after-ms", "x-should-retry", "date", "x-ratelimit-remaining-requests",
        "x-ratelimit-remaining-tokens", "x-ratelimit-reset-requests", "x-ratelimit-reset-tokens", "x-request-id",
        "www-authenticate", "location", "content-type",
    ]

    /// Maps a failure that libwebsockets reports with this text.
    func handshakeFailure(_ socket: OpaquePointer, reason: String) -> TransportError {
        if let timeOut { return timeOut }
        let status = Int(lws_http_client_http_response(socket))
        if stage == .upgrading, status != 0, status != 101 {
            return TransportError(
                .refused(status: status), "\(request.endpoint) refused the WebSocket with status \(status)",
                headers: refusalHeaders(socket))
        }
        let authority = request.endpoint.authority
        switch stage {
        case .connecting:
            race.forget()
            return .cannotConnect(request, "it refuses, or there is no route to it")
        case .connected:
            if let proxy = request.options.proxy, reason.hasPrefix("proxy") {
                return TransportError(.proxy, "the proxy \(proxy) did not connect to \(authority)")
            }
            guard request.endpoint.isSecure else { return cutOffHandshake }
            return TransportError(.tls, "TLS with \(authority) failed: \(tlsReason(reason))")
        case .upgrading, .open:
            // Other texts are about the connection, not about the answer.
            guard reason.hasPrefix("HS:") || reason.contains("pars") else { return cutOffHandshake }
            return TransportError(.protocolError, "\(authority) does not answer as a WebSocket server: \(reason)")
        }
    }

    /// The server closed the connection before it answered, or libwebsockets timed out.
    var cutOffHandshake: TransportError {
        timeOut
            ?? TransportError(.closed, "\(request.endpoint.authority) closed the connection during the handshake")
    }

    /// Set if the timer of libwebsockets expired before that of the waiting task.
    private var timeOut: TransportError? {
        let limit = request.options.handshakeTimeout
        return start.duration(to: .now) < limit ? nil : .handshakeTimeOut(request.endpoint, limit)
    }

    /// The reason from the log; the callback has only an error number.
    private func tlsReason(_ reason: String) -> String {
        let line = WebSocketLog.lastLine
        guard let start = line.firstRange(of: "SSL error: ")?.upperBound else { return line.isEmpty ? reason : line }
        return String(line[start...].prefix { $0 != "(" }).trimmedRight
    }

    private func refusalHeaders(_ socket: OpaquePointer) -> HTTPHeaders {
        var headers: HTTPHeaders = []
        for name in Self.keptHeaders {
            guard let value = header(socket, name) else { continue }
            headers.append(name, value)
        }
        return headers
    }

    private func header(_ socket: OpaquePointer, _ name: String) -> String? {
        // libwebsockets finds names with a token only by token, others only by name.
        let tokens = [
            "retry-after": WSI_TOKEN_HTTP_RETRY_AFTER, "www-authenticate": WSI_TOKEN_HTTP_WWW_AUTHENTICATE,
            "location": WSI_TOKEN_HTTP_LOCATION, "date": WSI_TOKEN_HTTP_DATE,
            "content-type": WSI_TOKEN_HTTP_CONTENT_TYPE,
        ]
        var buffer = [CChar](repeating: 0, count: 4096)
        let count: CInt
        if let token = tokens[name] {
            count = lws_hdr_copy(socket, &buffer, CInt(buffer.count), token)
        } else {
            let key = name + ":"
            count = lws_hdr_custom_copy(socket, &buffer, CInt(buffer.count), key, CInt(key.utf8.count))
        }
        guard count > 0 else { return nil }
        return String(decoding: buffer.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension TransportError {
    static func cannotConnect(_ request: WebSocketRequest, _ reason: String) -> TransportError {
        let via = request.options.proxy.map { "the proxy \($0)" } ?? request.endpoint.authority
        return TransportError(.connectFailed, "cannot connect to \(via): \(reason)")
    }

    static func handshakeTimeOut(_ endpoint: Endpoint, _ limit: Duration) -> TransportError {
        TransportError(.timedOut, "no WebSocket to \(endpoint.authority) in \(limit)")
    }
}

extension String {
    fileprivate var trimmedRight: String {
        var text = self
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
