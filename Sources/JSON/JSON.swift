/// A value inside a parsed JSON text.
///
/// The text keeps the received bytes: `raw` is the exact slice of this value, so that it can be sent back without
/// being encoded again. Reading a member walks the parser's tape; a string is decoded on access.
public struct JSON: Sendable {
    let text: JSONText
    let node: Int

    /// Parses one JSON text (RFC 8259, whole input); nesting is limited to 512 levels.
    ///
    /// - Throws: `JSONError` for the first byte that is not JSON.
    public init(_ bytes: [UInt8]) throws(JSONError) {
        var parser = JSONParser(bytes)
        text = JSONText(bytes: bytes, nodes: try parser.parse())
        node = 0
    }

    /// Parses the UTF-8 of a string.
    ///
    /// - Throws: `JSONError` for the first byte that is not JSON.
    public init(_ string: String) throws(JSONError) {
        try self.init(Array(string.utf8))
    }

    init(text: JSONText, node: Int) {
        self.text = text
        self.node = node
    }

    /// What a value is.
    public enum Kind: UInt8, Sendable {
        case null, bool, number, string, array, object
    }

    /// What this value is.
    public var kind: Kind { text.nodes[node].kind }

    /// Whether this is JSON's `null`.
    public var isNull: Bool { kind == .null }

    /// The exact bytes of the value, without surrounding white space.
    public var raw: ArraySlice<UInt8> {
        let range = text.nodes[node]
        return text.bytes[Int(range.start)..<Int(range.end)]
    }

    /// The value's bytes as a string.
    public var rawText: String { String(decoding: raw, as: UTF8.self) }

    /// The decoded string, or nil for any other kind.
    public var string: String? {
        guard kind == .string else { return nil }
        return JSONStringDecoder.decode(raw.dropFirst().dropLast())
    }

    /// The number as an integer, or nil if it is not one that fits.
    public var int: Int? {
        guard kind == .number else { return nil }
        let digits = String(decoding: raw, as: UTF8.self)
        if let whole = Int(digits) { return whole }
        guard let value = Double(digits) else { return nil }
        return Int(exactly: value)
    }

    /// The number, or nil for any other kind.
    public var double: Double? {
        kind == .number ? Double(String(decoding: raw, as: UTF8.self)) : nil
    }

    /// The boolean, or nil for any other kind.
    public var bool: Bool? {
        kind == .bool ? raw.first == UInt8(ascii: "t") : nil
    }

    /// The first member of that name, or nil if there is none or this is not an object.
    public subscript(_ key: String) -> JSON? {
        guard kind == .object else { return nil }
        var key = key
        return key.withUTF8 { text.member(named: $0, of: node) }.map { JSON(text: text, node: $0) }
    }

    /// The elements of an array; empty for any other kind.
    public var elements: Elements {
        kind == .array ? Elements(text: text, cursor: node + 1, end: text.end(of: node)) : Elements(text: text)
    }

    /// The members of an object in their order; empty for any other kind.
    public var members: Members {
        kind == .object ? Members(text: text, cursor: node + 1, end: text.end(of: node)) : Members(text: text)
    }
}

extension JSON {
    /// A walk over the elements of an array.
    public struct Elements: Sequence, IteratorProtocol, Sendable {
        let text: JSONText
        var cursor = 0
        var end = 0

        /// The next element.
        public mutating func next() -> JSON? {
            guard cursor < end else { return nil }
            defer { cursor = text.end(of: cursor) }
            return JSON(text: text, node: cursor)
        }
    }

    /// A walk over the members of an object.
    public struct Members: Sequence, IteratorProtocol, Sendable {
        let text: JSONText
        var cursor = 0
        var end = 0

        /// The next member.
        public mutating func next() -> Member? {
            guard cursor < end else { return nil }
            defer { cursor = text.end(of: cursor + 1) }
            return Member(text: text, node: cursor)
        }
    }

    /// One member of an object.
    public struct Member: Sendable {
        let text: JSONText
        let node: Int

        /// The member's name, decoded.
        public var key: String { JSON(text: text, node: node).string ?? "" }

        /// The member's value.
        public var value: JSON { JSON(text: text, node: node + 1) }
    }
}

/// A JSON text and the tape of its values.
final class JSONText: Sendable {
    /// Where one value stands: its bytes, and the tape index behind its last descendant.
    struct Node {
        var kind: JSON.Kind
        var start: UInt32
        var end: UInt32 = 0
        var next: UInt32 = 0
    }

    let bytes: [UInt8]
    let nodes: [Node]

    init(bytes: [UInt8], nodes: [Node]) {
        self.bytes = bytes
        self.nodes = nodes
    }

    func end(of node: Int) -> Int { Int(nodes[node].next) }

    /// The node of the value of an object's first member of that name; nil if there is none.
    func member(named name: UnsafeBufferPointer<UInt8>, of object: Int) -> Int? {
        nodes.withUnsafeBufferPointer { nodes in
            bytes.withUnsafeBufferPointer { bytes in
                var key = object + 1
                let end = Int(nodes[object].next)
                while key < end {
                    // Without its quotes.
                    let own = bytes[(Int(nodes[key].start) + 1)..<(Int(nodes[key].end) - 1)]
                    if Self.isNamed(own, name) { return key + 1 }
                    key = Int(nodes[key + 1].next)
                }
                return nil
            }
        }
    }

    /// Compares a name without decoding it where it has no escapes, which are longer than what they stand for.
    private static func isNamed(_ own: Slice<UnsafeBufferPointer<UInt8>>, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
        if own.count == name.count { return own.elementsEqual(name) }
        guard own.count > name.count, own.contains(UInt8(ascii: "\\")) else { return false }
        return JSONStringDecoder.decode(ArraySlice(own)).utf8.elementsEqual(name)
    }
}
