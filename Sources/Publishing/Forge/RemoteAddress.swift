import Transport

/// The address of a remote, as git takes it: a URL, the short form of ssh, or a path.
public struct RemoteAddress: Sendable, Equatable {
    /// How it is reached.
    public enum Scheme: String, Sendable {
        // The names are those of the URL schemes.
        case https, http, ssh, file
    }

    /// How it is reached.
    public let scheme: Scheme
    /// The name or address of the machine in lower case, an IPv6 address in its brackets; empty for a folder.
    public let host: String
    /// The port; nil for the usual one.
    public let port: Int?
    /// The path without the slashes around it and without `.git`, as it is written.
    public let path: String
    /// What git is given: the address without a user name and a password of HTTP.
    public let plain: String

    /// Reads an address; nil for one of another kind, such as `ext::`.
    public init?(_ text: String) {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
        guard let mark = text.firstRange(of: "://") else {
            self.init(short: text)
            return
        }
        let name = text[..<mark.lowerBound].lowercased()
        guard let scheme = Scheme(rawValue: name == "git+ssh" || name == "ssh+git" ? "ssh" : name) else { return nil }
        let rest = text[mark.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        let path = rest[authority.endIndex...]
        let at = authority.lastIndex(of: "@")
        let place = at.map { authority[authority.index(after: $0)...] } ?? authority
        guard let (host, port) = Self.hostAndPort(place), !host.isEmpty || scheme == .file else { return nil }
        let hasLogin = scheme != .ssh && at != nil
        self.init(
            scheme, host: scheme == .file ? "" : host, port: port,
            path: Self.trimmed(path.prefix { $0 != "?" && $0 != "#" }),
            plain: hasLogin ? "\(text[..<mark.upperBound])\(place)\(path)" : text)
    }

    private init(_ scheme: Scheme, host: String, port: Int?, path: String, plain: String) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        self.plain = plain
    }

    /// Reads `user@host:path`, or a path.
    private init?(short text: String) {
        // As git decides: a colon before the first slash makes it a host (git-fetch(1), "GIT URLS").
        let head = text.prefix { $0 != "/" }
        let bracket = head.firstIndex(of: "]")
        guard let colon = head[(bracket ?? head.startIndex)...].firstIndex(of: ":") else {
            self.init(.file, host: "", port: nil, path: Self.trimmed(text[...]), plain: text)
            return
        }
        let rest = text[text.index(after: colon)...]
        let place = head[..<colon]
        let name = place.lastIndex(of: "@").map { place[place.index(after: $0)...] } ?? place
        // Two colons name a program that reaches it.
        guard rest.first != ":", !name.isEmpty else { return nil }
        self.init(.ssh, host: name.lowercased(), port: nil, path: Self.trimmed(rest), plain: text)
    }

    /// The path with its escapes resolved.
    var decodedPath: String {
        guard scheme == .http || scheme == .https else { return path }
        var bytes: [UInt8] = []
        var rest = Array(path.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether it is reached over HTTP, where a token authorizes.
    public var isHTTP: Bool { scheme == .https || scheme == .http }

    /// Whether it is on this machine.
    var isLoopback: Bool { (try? Endpoint("http://\(host)"))?.isLoopback == true }

    private static func trimmed(_ text: Substring) -> String {
        var path = text.drop { $0 == "/" }
        while path.last == "/" { path.removeLast() }
        return String(path.hasSuffix(".git") ? path.dropLast(4) : path)
    }

    private static func hostAndPort(_ text: Substring) -> (String, Int?)? {
        let end = text.first == "[" ? text.firstIndex(of: "]").map(text.index(after:)) : text.firstIndex(of: ":")
        let host = text[..<(end ?? text.endIndex)].lowercased()
        let rest = text[(end ?? text.endIndex)...]
        guard !rest.isEmpty, rest != ":" else { return (host, nil) }
        guard rest.first == ":", let port = Int(rest.dropFirst()), (1...65535).contains(port) else { return nil }
        return (host, port)
    }
}
