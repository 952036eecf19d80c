internal import CCurl

extension TransportError {
    /// Maps an error of libcurl (`libcurl-errors`).
    init(_ code: CURLcode, _ detail: String, transfer: HTTPTransfer) {
        let host = transfer.request.url.authority
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT:
            self.init(.connectFailed, "cannot connect to \(host): \(detail)")
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY:
            self.init(.proxy, "the proxy to \(host) cannot be used: \(detail)")
        case CURLE_OPERATION_TIMEDOUT:
            self.init(.timedOut, "\(host) took too long: \(detail)")
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED,
            CURLE_SSL_ENGINE_INITFAILED, CURLE_USE_SSL_FAILED, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT:
            self.init(.tls, "TLS with \(host) failed: \(detail)")
        case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_HTTP2,
            CURLE_HTTP2_STREAM, CURLE_SSL_SHUTDOWN_FAILED:
            self.init(.closed, "the connection to \(host) was cut off: \(detail)")
        case CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT:
            self.init(.invalid, "libcurl does not take the request to \(host): \(detail)")
        default:
            self.init(.protocolError, "the request to \(host) failed: \(detail)")
        }
    }
}
