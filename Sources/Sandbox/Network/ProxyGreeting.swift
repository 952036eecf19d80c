/// The handshake of a client with the proxy.
///
/// Three protocols on one port: HTTP CONNECT, HTTP with an absolute address (RFC 9112, 3.2.2), and SOCKS 5 (RFC 1928).
struct ProxyGreeting: Equatable {
    /// The target of the client.
    struct Target: Equatable {
        var host: String
        var port: Int
    }

    /// The result of reading the bytes so far.
    enum Reading: Equatable {
        /// More bytes are needed.
        case incomplete
        /// SOCKS: answer that no authentication is needed, and read on.
        case method
        /// The target is known; `consumed` bytes are the greeting, and `forward` is sent to the target first.
        case target(Target, consumed: Int, forward: [UInt8], answer: Answer)
        /// The greeting is invalid; the text is for the log.
        case malformed(String)
    }

    /// The form of the answer to the client.
    enum Answer: Equatable { case connect, forward, socks }

    private static let limit = 16 * 1024

    /// Reads the bytes so far.
    ///
    /// - Parameter hasMethod: Whether the SOCKS method was negotiated, so that the request is next.
    static func read(_ bytes: [UInt8], hasMethod: Bool) -> Reading {
        guard let first = bytes.first else { return .incomplete }
        if first == 5 { return hasMethod ? socksRequest(bytes) : socksMethods(bytes) }
        guard !hasMethod else { return .malformed("a SOCKS request of version \(first)") }
        return http(bytes)
    }

    private static func socksMethods(_ bytes: [UInt8]) -> Reading {
        guard bytes.count >= 2, bytes.count >= 2 + Int(bytes[1]) else { return .incomplete }
        return bytes[2..<(2 + Int(bytes[1]))].contains(0) ? .method : .malformed("SOCKS with a password")
    }

    private static func socksRequest(_ bytes: [UInt8]) -> Reading {
        guard bytes.count >= 5 else { return .incomplete }
        guard bytes[1] == 1 else { return .malformed("a SOCKS command other than CONNECT") }
        let host: String
        let end: Int
        switch bytes[3] {
        case 1:
            end = 8
            guard bytes.count >= end + 2 else { return .incomplete }
            host = bytes[4..<8].map(String.init).joined(separator: ".")
        case 3:
            end = 5 + Int(bytes[4])
            guard bytes.count >= end + 2 else { return .incomplete }
            host = String(decoding: bytes[5..<end], as: UTF8.self)
        case 4:
            end = 20
            guard bytes.count >= end + 2 else { return .incomplete }
            host = stride(from: 4, to: 20, by: 2).map {
                String(Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]), radix: 16)
            }.joined(separator: ":")
        default: return .malformed("a SOCKS address of kind \(bytes[3])")
        }
        let target = Target(host: host, port: Int(bytes[end]) << 8 | Int(bytes[end + 1]))
        return .target(target, consumed: end + 2, forward: [], answer: .socks)
    }

    private static func http(_ bytes: [UInt8]) -> Reading {
        let text = String(decoding: bytes.prefix(limit), as: UTF8.self)
        guard let end = text.firstRange(of: "\r\n\r\n") else {
            return bytes.count < limit ? .incomplete : .malformed("a header of more than \(limit) bytes")
        }
        let header = text[..<end.lowerBound]
        let lines = header.split(separator: "\r\n", omittingEmptySubsequences: false)
        let words = lines[0].split(separator: " ")
        guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { return .malformed("no HTTP request") }
        let consumed = text[..<end.upperBound].utf8.count
        if words[0] == "CONNECT" {
            guard let target = authority(words[1], defaultPort: nil) else { return .malformed("CONNECT to no host") }
            return .target(target, consumed: consumed, forward: [], answer: .connect)
        }
        guard let scheme = words[1].firstRange(of: "://"), words[1][..<scheme.lowerBound].lowercased() == "http" else {
            return .malformed("a request without an absolute http address")
        }
        let rest = words[1][scheme.upperBound...]
        let slash = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        guard let target = authority(rest[..<slash], defaultPort: 80) else { return .malformed("a request to no host") }
        let path = rest[slash...]
        // One request per connection, since a second one could be for another host.
        let kept = lines.dropFirst().filter { line in
            let name = line.prefix { $0 != ":" }.lowercased()
            return !["proxy-connection", "connection", "proxy-authorization", "host"].contains(name)
        }
        let host = target.port == 80 ? target.host : "\(target.host):\(target.port)"
        let first = "\(words[0]) \(path.hasPrefix("/") ? "" : "/")\(path) \(words[2])"
        let forward = ([Substring(first), Substring("Host: \(host)")] + kept + ["Connection: close", "", ""])
            .joined(separator: "\r\n")
        return .target(target, consumed: consumed, forward: Array(forward.utf8), answer: .forward)
    }

    /// Reads `host:port` or `[address]:port`.
    private static func authority(_ text: Substring, defaultPort: Int?) -> Target? {
        let text = text.split(separator: "@").last ?? ""
        var host = text
        var port = defaultPort
        let colon = text.lastIndex(of: ":")
        if let colon, text.last != "]" {
            host = text[..<colon]
            port = Int(text[text.index(after: colon)...])
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty, let port, 1...65535 ~= port else { return nil }
        return Target(host: String(host), port: port)
    }
}
