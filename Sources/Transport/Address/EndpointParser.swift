import Glibc

/// Reads the few forms of URL (RFC 3986) that name a server.
struct EndpointParser {
    private let url: String
    private var rest: Substring.UTF8View

    init(_ url: String) {
        self.url = url
        rest = Substring(url).utf8
    }

    /// - Parameter keepsSlash: Whether a slash at the end of the path stays.
    mutating func parse(keepsSlash: Bool = false) throws(TransportError) -> Endpoint {
        let scheme = try scheme()
        let authority = take { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        // The URL is not shown, since the part before the @ is a secret.
        guard !authority.contains(UInt8(ascii: "@")) else {
            throw TransportError(
                .invalid, "a URL with a user name or a password is refused", nextStep: "use a header or the key")
        }
        let (host, port) = try hostAndPort(Substring(authority), default: scheme.defaultPort)
        guard rest.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else {
            throw failure("has a space, a fragment, or a character outside ASCII in its path")
        }
        var path = Substring(take { $0 != UInt8(ascii: "?") })
        while path.last == "/", !keepsSlash || path.hasSuffix("//") || path.count == 1 { path.removeLast() }
        let query = rest.isEmpty ? nil : String(Substring(rest.dropFirst()))
        return Endpoint(scheme: scheme, host: host, port: port, path: String(path), query: query)
    }

    private mutating func scheme() throws(TransportError) -> Endpoint.Scheme {
        let name = String(Substring(take { $0 != UInt8(ascii: ":") })).lowercased()
        guard let scheme = Endpoint.Scheme(rawValue: name) else {
            throw failure("does not start with http://, https://, ws:// or wss://")
        }
        guard rest.starts(with: "://".utf8) else { throw failure("has no // after the scheme") }
        rest = rest.dropFirst(3)
        return scheme
    }

    private func hostAndPort(_ text: Substring, default port: Int) throws(TransportError) -> (String, Int) {
        let host: String
        let afterHost: Substring
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { throw failure("has no ] after the IPv6 address") }
            host = text[text.index(after: text.startIndex)..<end].lowercased()
            var address = in6_addr()
            guard inet_pton(AF_INET6, host, &address) == 1 else { throw failure("has no IPv6 address in its brackets") }
            afterHost = text[text.index(after: end)...]
        } else {
            let end = text.firstIndex(of: ":") ?? text.endIndex
            host = text[..<end].lowercased()
            let isName = host.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || "-._".utf8.contains(byte)
            }
            guard !host.isEmpty, isName, host.utf8.count <= 253 else { throw failure("has no usable host name") }
            afterHost = text[end...]
        }
        if afterHost.isEmpty || afterHost == ":" { return (host, port) }
        guard afterHost.first == ":", afterHost.dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(afterHost.dropFirst()), (1...65535).contains(port)
        else { throw failure("has no port between 1 and 65535 after the host") }
        return (host, port)
    }

    private mutating func take(while isPart: (UInt8) -> Bool) -> Substring.UTF8View {
        let part = rest.prefix(while: isPart)
        rest = rest[part.endIndex...]
        return part
    }

    private func failure(_ reason: String) -> TransportError {
        // User information may be anywhere in an invalid URL.
        let shown = url.utf8.contains(UInt8(ascii: "@")) ? "the URL" : "the URL \(url.debugDescription)"
        return TransportError(.invalid, "\(shown) \(reason)")
    }
}
