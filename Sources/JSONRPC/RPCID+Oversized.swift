extension RPCID {
    /// Finds the id of an answer that was too long to be read, in what is kept of it.
    ///
    /// Before the result a member `id` is that of the message, and so is one that ends it; any other may be of the result.
    public static func ofOversized(head: [UInt8], tail: [UInt8]) -> RPCID? {
        let start = head.firstRange(of: "\"result\"").map { head[..<$0.lowerBound] } ?? head[...]
        if let found = id(in: start) { return found }
        guard tail.last == UInt8(ascii: "}"), let last = tail.lastRange(of: "\"id\"") else { return nil }
        let end = tail[last.lowerBound...].dropLast()
        guard !end.dropFirst(4).contains(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "}") }) else {
            return nil
        }
        return id(in: end)
    }

    private static func id(in bytes: ArraySlice<UInt8>) -> RPCID? {
        guard let name = Array(bytes).firstRange(of: "\"id\"") else { return nil }
        let rest = Array(bytes.dropFirst(name.upperBound)).drop { $0 == 0x20 }
        guard rest.first == UInt8(ascii: ":") else { return nil }
        let value = rest.dropFirst().drop { $0 == 0x20 }
        if value.first == UInt8(ascii: "\"") {
            guard let end = value.dropFirst().firstIndex(of: UInt8(ascii: "\"")) else { return nil }
            return RPCID(json: String(decoding: value[...end], as: UTF8.self))
        }
        let digits = value.prefix { 0x30...0x39 ~= $0 || $0 == UInt8(ascii: "-") }
        return digits.isEmpty ? nil : RPCID(json: String(decoding: digits, as: UTF8.self))
    }
}

extension [UInt8] {
    fileprivate func firstRange(of text: String) -> Range<Int>? {
        let wanted = Array(text.utf8)
        guard count >= wanted.count else { return nil }
        return (0...count - wanted.count).first { self[$0..<$0 + wanted.count].elementsEqual(wanted) }
            .map { $0..<$0 + wanted.count }
    }

    fileprivate func lastRange(of text: String) -> Range<Int>? {
        let wanted = Array(text.utf8)
        guard count >= wanted.count else { return nil }
        return (0...count - wanted.count).last { self[$0..<$0 + wanted.count].elementsEqual(wanted) }
            .map { $0..<$0 + wanted.count }
    }
}
