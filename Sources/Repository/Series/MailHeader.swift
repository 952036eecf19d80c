/// Text for a mail's header (RFC 5322), encoded where it is not plain ASCII (RFC 2047).
enum MailHeader {
    private static let width = 76

    /// The text as words that may be folded between: its own, or encoded ones.
    static func encoded(_ text: [UInt8], charset: String) -> [[UInt8]] {
        let looksEncoded = zip(text, text.dropFirst()).contains { $0 == 0x3D && $1 == 0x3F }
        if !looksEncoded, text.allSatisfy({ (0x20..<0x7F).contains($0) }) {
            return text.split(separator: 0x20).map(Array.init)
        }
        let (opening, closing) = (Array("=?\(charset)?q?".utf8), Array("?=".utf8))
        var words: [[UInt8]] = []
        var word: [UInt8] = []
        for character in characters(of: text) {
            let piece = character.flatMap(escaped)
            if word.count + piece.count + opening.count + closing.count > width - 1 {
                words.append(opening + word + closing)
                word = []
            }
            word += piece
        }
        if !word.isEmpty { words.append(opening + word + closing) }
        return words
    }

    /// A header's line, folded between words where it gets too long.
    static func folded(_ start: String, _ words: [[UInt8]]) -> [UInt8] {
        var text = Array(start.utf8)
        var column = text.count
        for word in words {
            if column + 1 + word.count > width {
                text.append(0x0A)
                column = 0
            }
            text += [0x20] + word
            column += 1 + word.count
        }
        return text + [0x0A]
    }

    private static func escaped(_ byte: UInt8) -> [UInt8] {
        switch byte {
        case 0x20: [0x5F]
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            [byte]
        default: QuotedPrintable.escape(byte)
        }
    }

    /// The characters of UTF-8, which must not be cut; other bytes alone.
    private static func characters(of text: [UInt8]) -> [ArraySlice<UInt8>] {
        var characters: [ArraySlice<UInt8>] = []
        var start = 0
        for end in 1..<max(text.count + 1, 1)
        where end == text.count || text[end] & 0xC0 != 0x80 || end - start == 4 {
            characters.append(text[start..<end])
            start = end
        }
        return characters
    }
}
