import Glibc

/// A literal address of a machine, in the order of the network.
struct IPAddress {
    private let bytes: [UInt8]

    /// Reads the forms that connect(2) would be given: IPv6 without brackets, and IPv4 with all the forms of inet_aton(3).
    init?(_ text: String) {
        var wide = in6_addr()
        var narrow = in_addr()
        if inet_pton(AF_INET6, text, &wide) == 1 {
            bytes = withUnsafeBytes(of: wide) { Array($0) }
        } else if inet_aton(text, &narrow) == 1 {
            bytes = withUnsafeBytes(of: narrow) { Array($0) }
        } else {
            return nil
        }
    }

    /// Whether it is that of this machine itself: 127.0.0.0/8, also as IPv6, or ::1.
    var isLoopback: Bool {
        if bytes.count == 4 { return bytes[0] == 127 }
        let (start, end) = (bytes.prefix(10), bytes.suffix(6))
        guard start.allSatisfy({ $0 == 0 }) else { return false }
        return end.elementsEqual([0, 0, 0, 0, 0, 1]) || (end.starts(with: [0xFF, 0xFF]) && bytes[12] == 127)
    }

    /// Whether its first bits are those of a block.
    func isIn(_ block: IPAddress, bits: Int) -> Bool {
        guard bytes.count == block.bytes.count, (0...bytes.count * 8).contains(bits) else { return false }
        return (0..<bits).allSatisfy { bit in
            (bytes[bit / 8] ^ block.bytes[bit / 8]) & (0x80 >> UInt8(bit % 8)) == 0
        }
    }
}

extension Endpoint {
    /// Whether the host is an address as a certificate has it; the short forms of inet_aton(3) are none.
    var hasAddress: Bool {
        var (wide, narrow) = (in6_addr(), in_addr())
        return inet_pton(AF_INET6, host, &wide) == 1 || inet_pton(AF_INET, host, &narrow) == 1
    }

    /// Whether it is on this machine, by its name or address.
    public var isLoopback: Bool {
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        return name == "localhost" || name.hasSuffix(".localhost") || IPAddress(name)?.isLoopback == true
    }
}
