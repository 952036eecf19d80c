import Glibc
import OS
import Synchronization

/// Finds the address of a name that answers first ("happy eyeballs", RFC 8305).
///
/// libwebsockets tries the addresses of a name one after the other, each as long as its time limit: one that swallows
/// packets, such as an IPv6 address behind a network without IPv6, would cost the whole handshake. libcurl does this by
/// itself.
struct AddressRace {
    /// Why no address answers.
    enum Failure: Error {
        case unknownName, unreachable, timedOut, stopped
    }

    /// How long an address has for itself before the next is tried beside it.
    private static let stagger: Duration = .milliseconds(250)
    /// The addresses that have answered, by name and port: a later connection goes there at once.
    private static let known = Mutex<[String: String]>([:])

    private let host: String
    private let port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// The numeric address to connect to.
    ///
    /// - Parameters:
    ///   - limit: How long all addresses together may take.
    ///   - isStopped: Whether nobody waits any more; asked several times a second.
    func winner(within limit: Duration, unless isStopped: () -> Bool) throws(Failure) -> String {
        let end = ContinuousClock.now + limit
        let addresses = try resolve()
        let key = "\(host):\(port)"
        if addresses.count == 1 { return addresses[0].text }
        if let address = Self.known.withLock({ $0[key] }), addresses.contains(where: { $0.text == address }) {
            return address
        }
        let winner = addresses[try Self.race(addresses, until: end, unless: isStopped)].text
        Self.known.withLock { $0[key] = winner }
        return winner
    }

    /// Forgets what has answered, since it has failed.
    func forget() { Self.known.withLock { $0["\(host):\(port)"] = nil } }

    /// An address to connect to.
    struct Address {
        let storage: sockaddr_storage
        let length: socklen_t
        /// IPv4 or IPv6.
        let family: Int32
        /// Its numeric form.
        let text: String
    }

    /// The addresses in the order of the system (RFC 6724), the families in turn.
    func resolve() throws(Failure) -> [Address] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, "\(port)", &hints, &list) == 0 else { throw .unknownName }
        defer { freeaddrinfo(list) }
        var found: [Address] = []
        var next = list
        while let entry = next?.pointee {
            next = entry.ai_next
            if let address = Address(entry), !found.contains(where: { $0.text == address.text }) {
                found.append(address)
            }
        }
        guard let first = found.first?.family else { throw .unknownName }
        let (own, other) = (found.filter { $0.family == first }, found.filter { $0.family != first })
        return (0..<max(own.count, other.count)).flatMap { position in
            [own, other].compactMap { position < $0.count ? $0[position] : nil }
        }
    }

    /// The position of the address that answers first.
    static func race(
        _ addresses: [Address], until end: ContinuousClock.Instant, unless isStopped: () -> Bool
    ) throws(Failure) -> Int {
        var waiting = addresses.indices[...]
        var running: [(position: Int, socket: Descriptor)] = []
        var next = ContinuousClock.now
        while true {
            let now = ContinuousClock.now
            if isStopped() { throw .stopped }
            if now >= end { throw .timedOut }
            if running.isEmpty || now >= next, let position = waiting.popFirst() {
                next = now + stagger
                if let socket = addresses[position].startConnecting() { running.append((position, socket)) }
                continue
            }
            if running.isEmpty { throw .unreachable }
            var polled = running.map { pollfd(fd: $0.socket.raw, events: Int16(POLLOUT), revents: 0) }
            let pause = min(waiting.isEmpty ? stagger : next - now, end - now)
            poll(&polled, nfds_t(polled.count), Int32(pause / .milliseconds(1)) + 1)
            for index in polled.indices.reversed() where polled[index].revents != 0 {
                if polled[index].fd.socketError == 0 { return running[index].position }
                running.remove(at: index)
            }
        }
    }
}

extension AddressRace.Address {
    /// Takes one that the resolver has found; nil for another family.
    fileprivate init?(_ entry: addrinfo) {
        guard let address = entry.ai_addr, entry.ai_family == AF_INET || entry.ai_family == AF_INET6 else { return nil }
        var storage = sockaddr_storage()
        withUnsafeMutableBytes(of: &storage) {
            $0.copyMemory(from: UnsafeRawBufferPointer(start: address, count: Int(entry.ai_addrlen)))
        }
        var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        guard getnameinfo(address, entry.ai_addrlen, &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST) == 0 else {
            return nil
        }
        let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.init(storage: storage, length: entry.ai_addrlen, family: entry.ai_family, text: text)
    }

    /// A socket that is being connected; nil where that fails at once, as without a route.
    fileprivate func startConnecting() -> Descriptor? {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = Descriptor(socket(family, type, 0))
        guard descriptor.raw >= 0 else { return nil }
        var storage = storage
        let result = withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor.raw, $0, length) }
        }
        return result == 0 || errno == EINPROGRESS ? descriptor : nil
    }
}

extension Int32 {
    /// What came of connecting this socket; 0 for success.
    fileprivate var socketError: Int32 {
        var error: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(self, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno
    }
}
