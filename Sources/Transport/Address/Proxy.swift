/// An HTTP proxy through which a WebSocket is opened with CONNECT.
///
/// Not for HTTP requests: libcurl reads the same variables itself.
public struct Proxy: Sendable, Equatable, CustomStringConvertible {
    /// The name or address of the proxy.
    public let host: String
    /// Its port.
    public let port: Int
    /// `user:password`, if configured; never part of a message.
    let credentials: String?

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

    /// The proxy for a server by the environment, if any.
    ///
    /// For `wss` and `https` that is `https_proxy`, `HTTPS_PROXY`, `all_proxy` or `ALL_PROXY`; for `ws` and `http`
    /// only `http_proxy` (curl's rule: a CGI program's HTTP_PROXY comes from a request). `no_proxy` and `NO_PROXY`
    /// list exceptions: `*`, a name with everything below it, an address, each with an optional port.
    ///
    /// - Throws: `.proxy` if the configured proxy cannot be used.
    public static func select(
        for endpoint: Endpoint, environment: [String: String]
    ) throws(TransportError) -> Proxy? {
        let names = endpoint.isSecure ? ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] : ["http_proxy"]
        guard let text = names.lazy.compactMap({ environment[$0] }).first(where: { !$0.isEmpty }) else { return nil }
        let exceptions = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
        let entries = exceptions.split { $0 == "," || $0 == " " }
        if entries.contains(where: { isException($0.lowercased(), endpoint) }) { return nil }
        return try Proxy(text)
    }

    /// Host and port, without the credentials.
    public var description: String { "\(hostForURL):\(port)" }

    /// The form for `lws_set_proxy`.
    var libwebsocketsAddress: String { (credentials.map { $0 + "@" } ?? "") + description }

    private var hostForURL: String { host.contains(":") ? "[\(host)]" : host }

    private static func isException(_ entry: String, _ endpoint: Endpoint) -> Bool {
        if entry == "*" { return true }
        var name = Substring(entry)
        if name.first == "[" || name.filter({ $0 == ":" }).count == 1 {
            guard let parsed = try? Endpoint("http://" + entry.drop { $0 == "." }) else { return false }
            if let colon = entry.lastIndex(of: ":"), entry.last != "]",
                colon > (entry.lastIndex(of: "]") ?? "".startIndex)
            {
                guard parsed.port == endpoint.port else { return false }
            }
            name = Substring(parsed.host)
        }
        name = name.drop { $0 == "." }
        return !name.isEmpty && (endpoint.host == name || endpoint.host.hasSuffix("." + name))
    }
}

extension Substring {
    fileprivate var percentDecoded: String? {
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
