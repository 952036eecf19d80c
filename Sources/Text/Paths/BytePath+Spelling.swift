/// Paths as text, and back.
///
/// Where a path is no text, it is spelled as git spells it: in double quotes, with escapes as in C (git-config(1),
/// core.quotePath).
extension BytePath {
    /// The path as text that says all of it: its characters, or for a name that is not UTF-8 `"\351.txt"`.
    ///
    /// Nothing is hidden or escaped besides, so that a view has still to make it safe. A text that begins with a quote
    /// is always such a spelling.
    public var text: String {
        guard bytes.first != Self.quote, let text = String(validating: bytes, as: UTF8.self) else { return quoted }
        return text
    }

    /// Reads what ``text`` gives; a text that is no such spelling is taken as it stands.
    public init(spelled text: String) {
        let bytes = Array(text.utf8)
        guard let (name, rest) = Self.unquoted(bytes[...]), rest.isEmpty else {
            self.init(bytes: bytes)
            return
        }
        self.init(bytes: name)
    }

    /// The path in quotes, with an escape for each byte that is not printable ASCII.
    private var quoted: String {
        var text = "\""
        for byte in bytes {
            if let letter = Self.letters.first(where: { $0.value == byte })?.key {
                text += "\\" + String(Unicode.Scalar(letter))
            } else if byte >= 0x20, byte < 0x7F {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 8)
                text += "\\" + String(repeating: "0", count: 3 - digits.utf8.count) + digits
            }
        }
        return text + "\""
    }

    /// Reads a name in quotes, and gives back what stands behind it; nil if none begins here or it does not end.
    public static func unquoted(_ text: ArraySlice<UInt8>) -> (name: ArraySlice<UInt8>, rest: ArraySlice<UInt8>)? {
        guard text.first == quote else { return nil }
        var name: [UInt8] = []
        var rest = text.dropFirst()
        while let byte = rest.popFirst() {
            if byte == quote { return (name[...], rest) }
            guard byte == UInt8(ascii: "\\") else {
                name.append(byte)
                continue
            }
            guard let escaped = rest.popFirst() else { return nil }
            if let plain = letters[escaped] {
                name.append(plain)
            } else {
                let digits = [escaped] + rest.prefix(2)
                guard digits.count == 3, digits.allSatisfy({ 0x30...0x37 ~= $0 }),
                    let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
                else {
                    return nil
                }
                name.append(value)
                rest = rest.dropFirst(2)
            }
        }
        return nil
    }

    private static let quote = UInt8(ascii: "\"")

    /// The letters behind a backslash, and what they stand for.
    private static let letters: [UInt8: UInt8] = [
        UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "t"): 9, UInt8(ascii: "n"): 10, UInt8(ascii: "v"): 11,
        UInt8(ascii: "f"): 12, UInt8(ascii: "r"): 13, UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5C,
    ]
}
