import Responses

/// The identity of an item's content: its members in the order of their names, without `id` and `status`.
///
/// A client may drop both, and may write its members in another order; everything else must come back as it went out.
struct Fingerprint: Hashable {
    private let hash: UInt64
    private let size: Int

    init(_ item: JSON, without omitted: String? = nil) {
        var hash = RollingHash()
        for member in Self.members(of: item) where member.key != omitted {
            hash.add(Array(member.key.utf8))
            hash.add(member.value.raw)
        }
        self.hash = hash.value
        size = hash.count
    }

    /// The members that make an item's identity, in order.
    static func members(of item: JSON) -> [(key: String, value: JSON)] {
        item.members.map { ($0.key, $0.value) }.filter { $0.0 != "id" && $0.0 != "status" }.sorted { $0.0 < $1.0 }
    }
}

/// FNV-1a over a growing text, eight bytes at a step.
struct RollingHash: Hashable {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325
    /// The bytes that went in.
    private(set) var count = 0

    mutating func add(_ bytes: some Collection<UInt8>) {
        let contiguous: Void? = bytes.withContiguousStorageIfAvailable { add($0) }
        if contiguous == nil { Array(bytes).withUnsafeBufferPointer { add($0) } }
    }

    private mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
        let raw = UnsafeRawBufferPointer(bytes)
        var hash = value
        var at = 0
        while at + 8 <= raw.count {
            hash = (hash ^ raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)) &* 0x0000_0100_0000_01b3
            hash ^= hash >> 29
            at += 8
        }
        while at < raw.count {
            hash = (hash ^ UInt64(raw[at])) &* 0x0000_0100_0000_01b3
            at += 1
        }
        // The length keeps ("ab", "c") and ("a", "bc") apart.
        value = (hash ^ UInt64(raw.count)) &* 0x9e37_79b9_7f4a_7c15
        count += raw.count
    }
}
