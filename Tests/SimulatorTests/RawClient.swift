import Glibc

/// An HTTP client that is a socket; every wait ends after ten seconds.
final class RawClient: Sendable {
    /// The server has closed the connection, or did not answer in time.
    struct Closed: Error {}

    private let descriptor: Int32

    /// - Parameter address: That of the server, an IPv4 address as a number.
    init(port: UInt16, address host: UInt32 = 0x7F00_0001) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = host.bigEndian
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw Closed() }
    }

    deinit { close(descriptor) }

    func send(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// One answer that has a Content-Length.
    func answer() throws -> (status: Int, body: [UInt8]) {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var end: Int?
        var head = ""
        while true {
            if end == nil, let headEnd = Self.headEnd(bytes) {
                head = String(decoding: bytes[..<headEnd], as: UTF8.self).lowercased()
                let length = head.split(separator: "\r\n").first { $0.hasPrefix("content-length: ") }
                end = headEnd + (length.flatMap { Int($0.dropFirst(16)) } ?? 0)
            }
            if let end, bytes.count >= end { break }
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { throw Closed() }
            bytes += buffer[..<count]
        }
        let body = Array(bytes[(Self.headEnd(bytes) ?? 0)...])
        return (Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0, body)
    }

    private static func headEnd(_ bytes: [UInt8]) -> Int? {
        let mark = Array("\r\n\r\n".utf8)
        guard bytes.count >= 4 else { return nil }
        return (0...min(bytes.count - 4, 4096)).first { Array(bytes[$0..<($0 + 4)]) == mark }.map { $0 + 4 }
    }
}
