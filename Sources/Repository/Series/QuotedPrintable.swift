/// The transfer encoding that leaves ASCII text readable (RFC 2045, section 6.7).
enum QuotedPrintable {
    private static let width = 76
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// A byte as `=0D`.
    static func escape(_ byte: UInt8) -> [UInt8] { [0x3D, digits[Int(byte >> 4)], digits[Int(byte & 15)]] }

    /// Encodes lines; carriage returns are content.
    static func encoded(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count * 5 / 4)
        var column = 0
        for (place, byte) in text.enumerated() {
            if byte == 0x0A {
                result.append(byte)
                column = 0
                continue
            }
            let isAtEnd = place + 1 == text.count || text[place + 1] == 0x0A
            let isPlain =
                switch byte {
                case 0x20, 0x09: !isAtEnd
                case 0x3D: false
                // A line that begins with "From " begins another mail.
                case 0x46: column > 0 && column + 1 < width
                default: (0x21..<0x7F).contains(byte)
                }
            let size = isPlain ? 1 : 3
            if column + size >= width, !(isAtEnd && column + size == width) {
                result += [0x3D, 0x0A]
                column = 0
            }
            if isPlain { result.append(byte) } else { result += escape(byte) }
            column += size
        }
        return result
    }
}
