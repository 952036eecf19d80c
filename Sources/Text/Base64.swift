/// Base64 of RFC 4648, section 4.
public enum Base64 {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The text of bytes.
    public static func encoded(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let part = bytes[start..<min(start + 3, bytes.count)]
            let bits = part.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - part.count))
            for place in 0...3 {
                text.append(place <= part.count ? letters[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The first bytes of a text, at most 48; nil if it is not base64.
    public static func beginning(of text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        let digits = text.utf8.prefix(64)
        var bits = 0
        for (place, digit) in digits.enumerated() {
            if digit == UInt8(ascii: "="), place > 1 { break }
            guard let value = letters.firstIndex(of: digit) else { return nil }
            bits = bits << 6 | value
            if place % 4 == 3 {
                bytes += [UInt8(bits >> 16 & 255), UInt8(bits >> 8 & 255), UInt8(bits & 255)]
                bits = 0
            }
        }
        return bytes
    }
}
