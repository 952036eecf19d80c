import Glibc
import OS

/// Addresses of hosts, and connections to them from outside the sandbox.
enum HostAddress {
    /// Connects to a host; nil if that fails or takes more than the time.
    ///
    /// A name that resolves to this machine or a private network is refused, so that a command does not reach what only
    /// the machine may. A literal address in the policy is allowed.
    static func connect(_ target: ProxyGreeting.Target, milliseconds: Int32) -> Descriptor? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(target.host, "\(target.port)", &hints, &found) == 0 else { return nil }
        defer { freeaddrinfo(found) }
        let isLiteral = Self.isLiteral(target.host)
        var next = found
        while let info = next?.pointee {
            next = info.ai_next
            guard let address = info.ai_addr, isLiteral || !isNearby(address) else { continue }
            let descriptor = Descriptor(
                socket(
                    info.ai_family, info.ai_socktype | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0))
            guard descriptor.raw >= 0 else { continue }
            if Glibc.connect(descriptor.raw, address, info.ai_addrlen) == 0 { return descriptor }
            guard errno == EINPROGRESS else { continue }
            var entry = pollfd(fd: descriptor.raw, events: Int16(POLLOUT), revents: 0)
            guard poll(&entry, 1, milliseconds) > 0 else { continue }
            var error: Int32 = 0
            var length = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(descriptor.raw, SOL_SOCKET, SO_ERROR, &error, &length)
            if error == 0 { return descriptor }
        }
        return nil
    }

    private static func isLiteral(_ host: String) -> Bool {
        var four = in_addr()
        var six = in6_addr()
        return inet_pton(AF_INET, host, &four) == 1 || inet_pton(AF_INET6, host, &six) == 1
    }

    /// Whether an address is loopback, private, link-local or unspecified, also as mapped into IPv6.
    static func isNearby(_ address: UnsafePointer<sockaddr>) -> Bool {
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                isNearby(UInt32(bigEndian: $0.pointee.sin_addr.s_addr))
            }
        case AF_INET6:
            let bytes = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                withUnsafeBytes(of: $0.pointee.sin6_addr) { Array($0) }
            }
            let four = bytes[12...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            let isMapped =
                bytes[..<10].allSatisfy { $0 == 0 } && (bytes[10...11] == [0xFF, 0xFF] || bytes[10...11] == [0, 0])
            if isMapped { return four < 2 || isNearby(four) }
            // Unique local, link-local, and the translation prefix of NAT64.
            if bytes[..<8] == [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0] { return isNearby(four) }
            return bytes[0] & 0xFE == 0xFC || (bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80)
        default: return true
        }
    }

    private static func isNearby(_ address: UInt32) -> Bool {
        let blocks: [(UInt32, UInt32)] = [
            (0x0000_0000, 8), (0x0A00_0000, 8), (0x7F00_0000, 8), (0x6440_0000, 10), (0xA9FE_0000, 16),
            (0xAC10_0000, 12), (0xC0A8_0000, 16), (0xE000_0000, 3),
        ]
        return blocks.contains { block, bits in address >> (32 - bits) == block >> (32 - bits) }
    }
}
