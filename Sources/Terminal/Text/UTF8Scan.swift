/// Walks over bytes character by character; a byte that is not UTF-8 is a step without a character.
struct UTF8Scan: Sequence, IteratorProtocol {
    struct Step {
        let range: Range<Int>
        let scalar: Unicode.Scalar?
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The character that comes next.
    var following: Unicode.Scalar? {
        var ahead = self
        return ahead.next()?.scalar
    }

    mutating func next() -> Step? {
        guard position < bytes.count else { return nil }
        let start = position
        let first = bytes[start]
        position += 1
        guard first >= 0x80 else { return Step(range: start..<position, scalar: Unicode.Scalar(first)) }
        let length =
            switch first {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 1
            }
        guard length > 1, start + length <= bytes.count else { return Step(range: start..<position, scalar: nil) }
        var value = UInt32(first) & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
        for byte in bytes[start + 1..<start + length] {
            guard byte & 0xC0 == 0x80 else { return Step(range: start..<position, scalar: nil) }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        let isShortest = length == 2 || (length == 3 ? value >= 0x800 : value >= 0x10000)
        guard isShortest, let scalar = Unicode.Scalar(value) else { return Step(range: start..<position, scalar: nil) }
        position = start + length
        return Step(range: start..<position, scalar: scalar)
    }
}

extension UInt8 {
    /// Two hexadecimal digits.
    var hex: String { (self < 0x10 ? "0" : "") + String(self, radix: 16, uppercase: true) }
}
