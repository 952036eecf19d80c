/// An HTTP proxy through which a WebSocket is opened with CONNECT.
///
/// Not for HTTP requests: libcurl takes the address of a proxy as it is.
public struct Proxy: Sendable, Equatable, CustomStringConvertible {
    /// The name or address of the proxy.
    public let host: String
    /// Its port.
    public let port: Int
    /// `user:password`, if configured; never part of a message.
    let credentials: String?
    /// What messages call it.
    private var name: String?

    /// Reads `http://user:password@host:port`; the scheme may be missing, the port is then 80.
    ///
    /// - Throws: `.proxy` for other schemes: a SOCKS or TLS proxy carries HTTP requests (through libcurl) but no
    ///   WebSocket, so that the caller can fall back.
    public init(_ text: String) throws(TransportError) {
        var rest = Substring(text)
        if let scheme = rest.firstRange(of: "://") {
            guard rest[..<scheme.lowerBound].lowercased() == "http" else {
                throw TransportError(.proxy, "a WebSocket needs an http:// proxy, and another kind is configured")
            }
            rest = rest[scheme.upperBound...]
        }
        if let at = rest.lastIndex(of: "@") {
            guard let credentials = rest[..<at].percentDecoded, credentials.utf8.count <= 95 else {
                // libwebsockets keeps them in 96 bytes (lws_set_proxy).
                throw TransportError(.proxy, "the user name and password of the proxy are too long or broken")
            }
            self.credentials = credentials
            rest = rest[rest.index(after: at)...]
        } else {
            credentials = nil
        }
        guard let endpoint = try? Endpoint("http://" + rest) else {
            // The parser's message could contain a password.
            throw TransportError(.proxy, "the configured proxy has no usable host and port")
        }
        host = endpoint.host
        port = endpoint.port
    }

    /// Reads the proxy that the environment names.
    ///
    /// - Throws: `.proxy` as for any other.
    public init(_ setting: ProxySetting) throws(TransportError) {
        try self.init(setting.url)
        name = setting.description
    }

    /// What messages call it, without the credentials.
    public var description: String { name ?? authority }

    /// The form for `lws_set_proxy`, with the address that answers; it takes no IPv6 address in place of a name.
    func libwebsocketsAddress(at address: String) -> String {
        let place = address.contains(":") ? authority : "\(address):\(port)"
        return (credentials.map { $0 + "@" } ?? "") + place
    }

    private var authority: String { "\(hostForURL):\(port)" }

    private var hostForURL: String { host.contains(":") ? "[\(host)]" : host }
}

extension Substring {
    var percentDecoded: String? {
        var bytes: [UInt8] = []
        var rest = utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let code = UInt8(String(Substring(rest.prefix(2))), radix: 16) else { return nil }
            bytes.append(code)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
