import Glibc
import Synchronization

/// A server on 127.0.0.1 that runs one blocking closure a connection, each on its own thread.
///
/// Made of plain sockets, so that it can misbehave in any way a test needs.
final class TestServer: Sendable {
    let port: Int
    private let listener: Int32
    private let connections = Connections()

    private final class Connections: Sendable {
        let open = Mutex<[Int32]>([])
        /// Whether the listening descriptor is still the server's: its number may belong to another socket afterwards.
        let isListening = Mutex(true)
    }

    init(_ serve: @escaping @Sendable (Peer) throws -> Void) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, address, &length) == 0
            }
        }
        guard bound else { throw PeerError(what: "cannot listen") }
        port = Int(UInt16(bigEndian: address.sin_port))
        startThread { [connections] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else {
                    if errno == EINTR || errno == ECONNABORTED { continue }
                    // Closed by the thread that accepts, so that it never takes a connection of the next server.
                    connections.isListening.withLock { isListening in
                        close(listener)
                        isListening = false
                    }
                    return
                }
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                connections.open.withLock { $0.append(descriptor) }
                startThread {
                    let peer = Peer(descriptor)
                    // A script that fails is a connection that is cut; the test sees it at its end.
                    try? serve(peer)
                    // Closed under the lock, so that `stop` never cuts a later socket of the same number.
                    connections.open.withLock { open in
                        shutdown(descriptor, Int32(SHUT_RDWR))
                        close(descriptor)
                        open.removeAll { $0 == descriptor }
                    }
                }
            }
        }
    }

    deinit { stop() }

    /// Cuts every connection and stops listening.
    func stop() {
        connections.open.withLock { open in
            for descriptor in open { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
        // That ends the wait of the thread that accepts, now or when it comes to it.
        connections.isListening.withLock { isListening in
            if isListening { shutdown(listener, Int32(SHUT_RDWR)) }
        }
    }
}

struct PeerError: Error { let what: String }

func startThread(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    pthread_create(
        &thread, nil,
        { box in
            if let box { Unmanaged<Box>.fromOpaque(box).takeRetainedValue().body() }
            return nil
        }, Unmanaged.passRetained(Box(body)).toOpaque())
    pthread_detach(thread)
}

/// The server's side of one connection.
final class Peer {
    let descriptor: Int32
    private var buffer: [UInt8] = []
    private var position = 0

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(4))
    }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { bytes in
                Glibc.send(descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw PeerError(what: "send") }
            sent += count
        }
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func read(_ count: Int) throws -> [UInt8] {
        while buffer.count - position < count { try fill() }
        defer { position += count }
        return Array(buffer[position..<position + count])
    }

    func readLine() throws -> String {
        while true {
            if let end = buffer[position...].firstIndex(of: 0x0A) {
                defer { position = end + 1 }
                return String(decoding: buffer[position..<end].filter { $0 != 0x0D }, as: UTF8.self)
            }
            try fill()
        }
    }

    /// Request line and headers; the names in lower case.
    func readHead() throws -> (request: String, headers: [String: String]) {
        let request = try readLine()
        var headers: [String: String] = [:]
        while case let line = try readLine(), !line.isEmpty {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
        }
        return (request, headers)
    }

    /// Blocks until the other side is gone.
    func waitForEnd() {
        while (try? fill()) != nil { position = buffer.count }
    }

    private func fill() throws {
        if position > 1 << 20 || position == buffer.count {
            buffer.removeFirst(position)
            position = 0
        }
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        let count = Glibc.read(descriptor, &chunk, chunk.count)
        guard count > 0 else { throw PeerError(what: "end") }
        buffer.append(contentsOf: chunk[..<count])
    }
}
