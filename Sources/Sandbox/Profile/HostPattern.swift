/// A pattern for host names: a name, or with a leading `*.` all names below it; `:443` limits it to a port.
public struct HostPattern: Sendable, Hashable, CustomStringConvertible {
    private let name: String
    private let isSuffix: Bool
    private let port: Int?

    /// Reads a pattern; nil if it is invalid.
    public init?(_ text: String) {
        let parts = text.lowercased().split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), var name = parts.first else { return nil }
        isSuffix = name.hasPrefix("*.")
        if isSuffix { name = name.dropFirst(2) }
        if name.hasSuffix(".") { name = name.dropLast() }
        let isName = name.utf8.allSatisfy {
            0x61...0x7A ~= $0 || 0x30...0x39 ~= $0 || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
                || $0 == UInt8(ascii: ".")
        }
        guard !name.isEmpty, isName, !name.hasPrefix("."), !name.contains("..") else { return nil }
        self.name = String(name)
        port = parts.count == 2 ? Int(parts[1]).flatMap { 1...65535 ~= $0 ? $0 : nil } : nil
        if parts.count == 2, port == nil { return nil }
    }

    /// Whether a host and port match.
    public func matches(host: String, port: Int) -> Bool {
        var host = host.lowercased()
        if host.hasSuffix(".") { host.removeLast() }
        guard self.port == nil || self.port == port else { return false }
        return isSuffix ? host.hasSuffix("." + name) : host == name
    }

    /// Whether this pattern includes all of the other one.
    public func covers(_ other: HostPattern) -> Bool {
        guard port == nil || port == other.port else { return false }
        guard isSuffix else { return self.name == other.name && !other.isSuffix }
        return other.name.hasSuffix("." + name) || (other.isSuffix && other.name == name)
    }

    /// Whether a host and port can match both.
    public func overlaps(_ other: HostPattern) -> Bool {
        guard port == nil || other.port == nil || port == other.port else { return false }
        return withoutPort.covers(other.withoutPort) || other.withoutPort.covers(withoutPort)
    }

    private var withoutPort: HostPattern { HostPattern(name: name, isSuffix: isSuffix) }

    private init(name: String, isSuffix: Bool) {
        self.name = name
        self.isSuffix = isSuffix
        port = nil
    }

    /// The pattern as written.
    public var description: String { (isSuffix ? "*." : "") + name + (port.map { ":\($0)" } ?? "") }
}
