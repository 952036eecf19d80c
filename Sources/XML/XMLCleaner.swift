/// Makes bytes well-formed that tools write into documents although XML cannot hold them.
///
/// A control character becomes its picture, whether it stands there itself or as a reference such as `&#27;`. What is
/// not UTF-8 becomes U+FFFD, unless the document declares another encoding. UTF-16 is left alone.
struct XMLCleaner {
    private enum Encoding { case utf8, bytes, wide }

    private var encoding: Encoding?
    /// What has come and is not cleaned yet: the beginning, or what may go on in the next piece.
    private var pending: [UInt8] = []

    /// How many bytes tell the encoding.
    private static let headSize = 256
    /// The longest reference that is looked at, such as `&#x0000001B;`.
    private static let longestReference = 12

    /// Takes a piece, and gives what can be read of it.
    mutating func clean(_ bytes: some Collection<UInt8>) -> [UInt8] {
        pending += bytes
        if encoding == nil {
            dropBlankBeginning()
            guard pending.count >= Self.headSize || pending.contains(UInt8(ascii: ">")) else { return [] }
        }
        return take(isLast: false)
    }

    /// Gives the rest.
    mutating func finish() -> [UInt8] { take(isLast: true) }

    /// A declaration must be the first thing, and some tools print an empty line before it.
    private mutating func dropBlankBeginning() {
        let blanks = pending.prefix { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
        pending.removeFirst(blanks.count)
    }

    private mutating func take(isLast: Bool) -> [UInt8] {
        let encoding = encoding ?? Self.encoding(of: pending)
        self.encoding = encoding
        if encoding == .wide {
            defer { pending = [] }
            return pending
        }
        let end = isLast ? pending.count : stableEnd
        var piece = Array(pending[..<end])
        pending.removeFirst(end)
        if encoding == .utf8, piece.contains(where: { $0 >= 0x80 }) {
            piece = Array(String(decoding: piece, as: UTF8.self).utf8)
        }
        return Self.withPictures(piece, isUTF8: encoding == .utf8)
    }

    /// Where a character or a reference begins that may go on in the next piece.
    private var stableEnd: Int {
        var end = pending.count
        let tail = pending.suffix(Self.longestReference)
        if let start = tail.lastIndex(of: UInt8(ascii: "&")), !pending[start...].contains(UInt8(ascii: ";")) {
            end = start
        }
        // The last character, if it has begun among the last three bytes.
        var start = end
        while start > 0, end - start < 3, pending[start - 1] & 0xC0 == 0x80 { start -= 1 }
        if start > 0, pending[start - 1] >= 0xC0 {
            let first = pending[start - 1]
            let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
            if end - start + 1 < length { end = start - 1 }
        }
        return end
    }

    private static func encoding(of head: [UInt8]) -> Encoding {
        if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) || head.prefix(4).contains(0) {
            return .wide
        }
        guard let end = head.firstIndex(of: UInt8(ascii: ">")), head.prefix(8).contains(UInt8(ascii: "?")) else {
            return .utf8
        }
        let declaration = String(decoding: head[..<end], as: UTF8.self).lowercased()
        return !declaration.contains("encoding") || declaration.contains("utf-8") || declaration.contains("utf8")
            ? .utf8 : .bytes
    }

    /// The bytes with a picture for each control character, and U+FFFD for references to what is no character.
    private static func withPictures(_ bytes: [UInt8], isUTF8: Bool) -> [UInt8] {
        guard bytes.contains(where: { isControl(UInt32($0)) || $0 == UInt8(ascii: "&") || $0 == 0xEF }) else {
            return bytes
        }
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if isControl(UInt32(byte)) {
                kept += isUTF8 ? picture(UInt32(byte)) : [UInt8(ascii: "?")]
            } else if byte == UInt8(ascii: "&"), let (value, length) = reference(bytes[index...]),
                !isCharacter(value)
            {
                kept += isControl(value) ? Array("&#\(0x2400 + value);".utf8) : Array("&#65533;".utf8)
                index += length - 1
            } else if isUTF8, byte == 0xEF, index + 2 < bytes.count, bytes[index + 1] == 0xBF,
                bytes[index + 2] >= 0xBE
            {
                // U+FFFE and U+FFFF.
                kept += [0xEF, 0xBF, 0xBD]
                index += 2
            } else {
                kept.append(byte)
            }
            index += 1
        }
        return kept
    }

    private static func isControl(_ value: UInt32) -> Bool {
        value < 0x20 && value != 0x09 && value != 0x0A && value != 0x0D
    }

    private static func isCharacter(_ value: UInt32) -> Bool {
        !isControl(value) && value != 0xFFFE && value != 0xFFFF && Unicode.Scalar(value) != nil
    }

    private static func picture(_ control: UInt32) -> [UInt8] { [0xE2, 0x90, 0x80 + UInt8(control)] }

    /// The number of a reference such as `&#27;` or `&#x1B;` and its length; nil for another one.
    private static func reference(_ bytes: ArraySlice<UInt8>) -> (value: UInt32, length: Int)? {
        let body = bytes.prefix(longestReference)
        guard let end = body.firstIndex(of: UInt8(ascii: ";")), body.dropFirst().first == UInt8(ascii: "#") else {
            return nil
        }
        let digits = body[(body.startIndex + 2)..<end]
        let isHexadecimal = digits.first == UInt8(ascii: "x")
        let text = String(decoding: isHexadecimal ? digits.dropFirst() : digits, as: UTF8.self)
        return UInt32(text, radix: isHexadecimal ? 16 : 10).map { ($0, end - bytes.startIndex + 1) }
    }
}
