/// A path, or one name of it, as the bytes that git and the file system know it by.
///
/// Two paths are the same only if their bytes are. A string takes `é` composed and decomposed for one name, reads a
/// slash and the accent behind it as one character, and cannot hold a name that is not UTF-8.
public struct BytePath: Sendable, Hashable {
    /// The bytes, with slashes between the names.
    public let bytes: [UInt8]

    /// The path of these bytes.
    public init(bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    /// The path of a text's UTF-8.
    public init(_ text: some StringProtocol) { bytes = Array(text.utf8) }

    /// Hashes the bytes at once, which is much faster than one by one.
    public func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }

    /// The last name; all of a path without slashes.
    public var name: BytePath {
        bytes.lastIndex(of: Self.slash).map { BytePath(bytes: bytes[($0 + 1)...]) } ?? self
    }

    /// The names from the root down.
    public var names: [BytePath] { bytes.split(separator: Self.slash).map { BytePath(bytes: $0) } }

    /// The folders above, outermost first.
    public var parents: [BytePath] {
        bytes.indices.filter { bytes[$0] == Self.slash }.map { BytePath(bytes: bytes[..<$0]) }
    }

    /// Whether the path lies below a folder; everything but the empty path lies below that.
    public func isBelow(_ folder: BytePath) -> Bool {
        if folder.bytes.isEmpty { return !bytes.isEmpty }
        return bytes.count > folder.bytes.count && bytes[folder.bytes.count] == Self.slash
            && bytes.starts(with: folder.bytes)
    }

    /// The path of a name in this folder; the empty path is the root.
    public func appending(_ name: BytePath) -> BytePath {
        bytes.isEmpty ? name : BytePath(bytes: bytes + [Self.slash] + name.bytes)
    }

    private static let slash = UInt8(ascii: "/")
}

extension BytePath: Comparable {
    /// Orders by bytes, as git does.
    public static func < (one: BytePath, other: BytePath) -> Bool { one.bytes.lexicographicallyPrecedes(other.bytes) }
}

extension BytePath: ExpressibleByStringLiteral {
    /// The path that stands in the source.
    public init(stringLiteral text: String) { self.init(text) }
}

extension BytePath: CustomStringConvertible {
    /// The path as a message names it, on one line and safe to show.
    public var description: String { text.named }
}
