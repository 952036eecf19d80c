/// Bytes of valid UTF-8, so that splitting them is arithmetic.
struct UTF8Text: Equatable {
    let bytes: [UInt8]

    /// Replaces invalid UTF-8 with U+FFFD.
    init(repairing bytes: some Collection<UInt8>) {
        self.bytes = Array(String(decoding: bytes, as: UTF8.self).utf8)
    }

    private init(valid bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }

    var string: String { String(decoding: bytes, as: UTF8.self) }
    var lineEnds: Int { bytes.count { $0 == 0x0A } }

    /// The longest prefix within a limit that ends with a character, or with a line if that keeps half of the limit.
    func prefix(_ limit: Int, byLines: Bool) -> UTF8Text {
        guard limit < bytes.count else { return self }
        var end = max(0, limit)
        while end > 0, Self.isContinuation(bytes[end]) { end -= 1 }
        if byLines, let newline = bytes[..<end].lastIndex(of: 0x0A), newline >= end / 2 { end = newline + 1 }
        return UTF8Text(valid: bytes[..<end])
    }

    /// The longest suffix within a limit; as ``prefix(_:byLines:)``.
    func suffix(_ limit: Int, byLines: Bool) -> UTF8Text {
        guard limit < bytes.count else { return self }
        var start = bytes.count - max(0, limit)
        while start < bytes.count, Self.isContinuation(bytes[start]) { start += 1 }
        if byLines, start > 0, bytes[start - 1] != 0x0A, let newline = bytes[start...].firstIndex(of: 0x0A),
            newline < start + (bytes.count - start) / 2
        {
            start = newline + 1
        }
        return UTF8Text(valid: bytes[start...])
    }

    /// The number of bytes at the end of an incomplete character.
    static func unfinishedSuffix(_ bytes: [UInt8]) -> Int {
        for back in 1...3 where back <= bytes.count {
            let byte = bytes[bytes.count - back]
            if isContinuation(byte) { continue }
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC2 ? 2 : 1
            return length > back ? back : 0
        }
        return 0
    }

    /// The number of bytes at the beginning of a character that started before.
    static func danglingPrefix(_ bytes: [UInt8]) -> Int {
        bytes.prefix(3).prefix { isContinuation($0) }.count
    }

    private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}
