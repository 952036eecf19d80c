import JSON
import Responses

/// The identity of an item's content, without `id` and `status`.
///
/// A client may drop both, and may encode anew: neither the order of members, nor white space, nor escapes, nor
/// members that are null make a difference. Everything else does.
struct Fingerprint: Hashable {
    private let hash: UInt64
    private let size: Int

    init(_ item: JSON, without omitted: String? = nil) {
        var hash = RollingHash()
        hash.add(item: item, without: omitted)
        self.hash = hash.value
        size = hash.count
    }

    /// The identity of a message's words alone, without role, phase and annotations.
    init(words message: JSON) {
        var hash = RollingHash()
        let content = message["content"] ?? .empty
        for text in content.kind == .string ? [content] : content.elements.compactMap({ $0["text"] }) {
            hash.add(Array((text.string ?? "").utf8))
        }
        self.hash = hash.value
        size = hash.count
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

    /// Adds an item's content in canonical form.
    mutating func add(item: JSON, without omitted: String? = nil) {
        add(
            members: item.members.filter { member in
                let key = member.key
                return key != "id" && key != "status" && key != omitted
            })
    }

    private mutating func add(members: [JSON.Member]) {
        for (key, value) in members.map({ ($0.key, $0.value) }).sorted(by: { $0.0 < $1.0 }) where !value.isNull {
            add(Array(key.utf8))
            add(value)
        }
    }

    private mutating func add(_ value: JSON) {
        switch value.kind {
        case .object:
            add([UInt8(ascii: "{")])
            add(members: Array(value.members))
        case .array:
            add([UInt8(ascii: "[")])
            for element in value.elements { add(element) }
        case .string where value.raw.contains(UInt8(ascii: "\\")):
            // Quoted, so that it hashes like the same string without escapes.
            add(Array("\"\(value.string ?? "")\"".utf8))
        default: add(value.raw)
        }
    }
}
