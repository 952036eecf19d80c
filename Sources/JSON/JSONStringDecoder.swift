/// Decodes the inside of a JSON string whose escapes the parser has checked.
enum JSONStringDecoder {
    static func decode(_ raw: ArraySlice<UInt8>) -> String {
        guard raw.contains(UInt8(ascii: "\\")) else { return String(decoding: raw, as: UTF8.self) }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(raw.count)
        var at = raw.startIndex
        while at < raw.endIndex {
            guard raw[at] == UInt8(ascii: "\\") else {
                decoded.append(raw[at])
                at += 1
                continue
            }
            switch raw[at + 1] {
            case UInt8(ascii: "n"): decoded.append(0x0A)
            case UInt8(ascii: "t"): decoded.append(0x09)
            case UInt8(ascii: "r"): decoded.append(0x0D)
            case UInt8(ascii: "b"): decoded.append(0x08)
            case UInt8(ascii: "f"): decoded.append(0x0C)
            case UInt8(ascii: "u"):
                let (scalar, length) = unicode(raw[at...])
                decoded.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
                at += length
                continue
            case let other: decoded.append(other)
            }
            at += 2
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    /// The scalar of a `\uXXXX` escape or of a surrogate pair, and the length of what was read; a lone surrogate
    /// becomes U+FFFD.
    private static func unicode(_ raw: ArraySlice<UInt8>) -> (Unicode.Scalar, Int) {
        let replacement: Unicode.Scalar = "\u{FFFD}"
        let first = unit(raw)
        if let scalar = Unicode.Scalar(first) { return (scalar, 6) }
        let rest = raw.dropFirst(6)
        guard first < 0xDC00, rest.count >= 6, rest.starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else {
            return (replacement, 6)
        }
        let second = unit(rest)
        guard (0xDC00..<0xE000).contains(second) else { return (replacement, 6) }
        let value = 0x10000 + (UInt32(first - 0xD800) << 10) + UInt32(second - 0xDC00)
        return (Unicode.Scalar(value) ?? replacement, 12)
    }

    private static func unit(_ raw: ArraySlice<UInt8>) -> UInt16 {
        raw.dropFirst(2).prefix(4).reduce(0) { $0 << 4 | ($1.hexValue ?? 0) }
    }
}
