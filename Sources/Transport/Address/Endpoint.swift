/// Where a server is: scheme, host, port, path and query of its base URL.
///
/// A base URL is what people put into a configuration (`https://api.openai.com/v1`); `http(path:)` and
/// `webSocket(path:)` give the addresses below it. User information, fragments and names outside ASCII are refused.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
    /// The protocols that can be spoken.
    public enum Scheme: String, Sendable {
        // The names are those of the URL schemes.
        case http, https, ws, wss
    }

    /// The protocol.
    public let scheme: Scheme
    /// The name or the literal address in lower case, an IPv6 address without its brackets.
    public let host: String
    /// The port, the scheme's own one when the URL names none.
    public let port: Int
    /// Empty, or a path that starts with a slash and does not end with one.
    public let path: String
    /// What follows the question mark, if there is one.
    public let query: String?

    /// Reads a URL.
    ///
    /// - Throws: `.invalid` for a text that is not such a URL.
    public init(_ url: String) throws(TransportError) {
        var parser = EndpointParser(url)
        self = try parser.parse()
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

    /// The address of `path` below this one, to be asked over HTTP.
    public func http(path: String) -> Endpoint { below(path, scheme: isSecure ? .https : .http) }

    /// The address of `path` below this one, to be opened as a WebSocket.
    public func webSocket(path: String) -> Endpoint { below(path, scheme: isSecure ? .wss : .ws) }

    /// The URL.
    public var description: String { "\(scheme.rawValue)://\(hostAndPort)\(requestTarget)" }

    /// The value of the Host header: without the port when it is the scheme's own.
    var hostAndPort: String { port == scheme.defaultPort ? bracketedHost : "\(bracketedHost):\(port)" }

    /// Host and port for messages.
    var authority: String { "\(bracketedHost):\(port)" }

    /// What stands in the request line.
    var requestTarget: String { (path.isEmpty ? "/" : path) + (query.map { "?" + $0 } ?? "") }

    private var bracketedHost: String { host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host }

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
