/// Where a server is: scheme, host, port, path and query of its base URL.
///
/// A configuration has the base URL (`https://api.openai.com/v1`); `http(path:)` and
/// `webSocket(path:)` make the addresses below it. User information, fragments and non-ASCII names are refused.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
    /// The supported protocols.
    public enum Scheme: String, Sendable {
        // The names are those of the URL schemes.
        case http, https, ws, wss
    }

    /// The protocol.
    public let scheme: Scheme
    /// The name or the literal address in lower case, an IPv6 address without its brackets.
    public let host: String
    /// The port; the default of the scheme if the URL names none.
    public let port: Int
    /// Empty, or a path that starts with a slash; one ends with a slash only if it was read exactly.
    public let path: String
    /// The text after the question mark, if any.
    public let query: String?

    /// Reads a URL.
    ///
    /// - Throws: `.invalid` for anything else.
    public init(_ url: String) throws(TransportError) {
        var parser = EndpointParser(url)
        self = try parser.parse()
    }

    /// Reads the URL of one resource and not of what is below it: a slash at its end stays, since it may be another one.
    ///
    /// - Throws: `.invalid` for anything else.
    public init(exactly url: String) throws(TransportError) {
        var parser = EndpointParser(url)
        self = try parser.parse(keepsSlash: true)
    }

    init(scheme: Scheme, host: String, port: Int, path: String, query: String?) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        self.query = query
    }

    /// Whether the connection is encrypted.
    public var isSecure: Bool { scheme == .https || scheme == .wss }

    /// The address of `path` below this one, for HTTP.
    ///
    /// - Parameter more: What is added to the query.
    public func http(path: String, query more: String? = nil) -> Endpoint {
        let below = below(path, scheme: isSecure ? .https : .http)
        guard let more else { return below }
        return Endpoint(
            scheme: below.scheme, host: host, port: port, path: below.path,
            query: query.map { "\($0)&\(more)" } ?? more)
    }

    /// The address of `path` below this one, for a WebSocket.
    public func webSocket(path: String) -> Endpoint { below(path, scheme: isSecure ? .wss : .ws) }

    /// The URL.
    public var description: String { "\(scheme.rawValue)://\(hostAndPort)\(requestTarget)" }

    /// The value of the Host header, without the default port of the scheme.
    var hostAndPort: String { port == scheme.defaultPort ? bracketedHost : "\(bracketedHost):\(port)" }

    /// Host and port for messages.
    var authority: String { "\(bracketedHost):\(port)" }

    /// The target of the request line.
    var requestTarget: String { (path.isEmpty ? "/" : path) + (query.map { "?" + $0 } ?? "") }

    /// The host as it is written in a URL.
    var bracketedHost: String { host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host }

    private func below(_ path: String, scheme: Scheme) -> Endpoint {
        let relative = path.drop { $0 == "/" }
        return Endpoint(
            scheme: scheme, host: host, port: port, path: relative.isEmpty ? self.path : "\(self.path)/\(relative)",
            query: query)
    }
}

extension Endpoint.Scheme {
    var defaultPort: Int { self == .http || self == .ws ? 80 : 443 }
}
