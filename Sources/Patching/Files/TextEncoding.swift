/// What the engine knows of encodings: UTF-8, and Latin-1 for files that are not UTF-8.
enum TextEncoding {
    /// How many bytes the character at that place takes in UTF-8, or nil if none begins there.
    static func characterLength(_ bytes: LineBytes, at index: Int) -> Int? {
        let first = bytes[index]
        if first < 0x80 { return 1 }
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard first >= 0xC2, first <= 0xF4, index + length <= bytes.endIndex else { return nil }
        for place in index + 1..<index + length where bytes[place] & 0xC0 != 0x80 { return nil }
        switch (first, bytes[index + 1]) {
        case (0xE0, ..<0xA0), (0xED, 0xA0...), (0xF0, ..<0x90), (0xF4, 0x90...): return nil
        default: return length
        }
    }

    /// What the bytes beyond ASCII are.
    enum Kind { case utf8, latin1, mixed }

    /// Tells a text's encoding; one with both UTF-8 characters and stray bytes is mixed.
    static func kind(of bytes: LineBytes) -> Kind {
        let (characters, strayBytes) = beyondASCII(bytes)
        return strayBytes > 0 ? (characters > 0 ? .mixed : .latin1) : .utf8
    }

    /// Whether text that is not UTF-8 is most likely Latin-1, or UTF-8 with few stray bytes, and not in one of the many
    /// encodings of other scripts: most of its letters are ASCII, or most of its other characters are UTF-8.
    static func isTellable(_ bytes: LineBytes) -> Bool {
        let (characters, strayBytes) = beyondASCII(bytes)
        let letters = bytes.count { ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") }
        return strayBytes <= characters || strayBytes * 2 <= letters
    }

    /// How many UTF-8 characters beyond ASCII there are, and how many bytes that are none.
    private static func beyondASCII(_ bytes: LineBytes) -> (characters: Int, strayBytes: Int) {
        var (characters, strayBytes) = (0, 0)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if bytes[index] < 0x80 {
                index += 1
            } else if let length = characterLength(bytes, at: index) {
                characters += 1
                index += length
            } else {
                strayBytes += 1
                index += 1
            }
        }
        return (characters, strayBytes)
    }

    /// UTF-8 text in Latin-1, or nil if Latin-1 lacks a character.
    static func latin1(_ text: LineBytes) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            guard scalar.value <= 0xFF else { return nil }
            result.append(UInt8(scalar.value))
        }
        return result
    }

    /// Whether the text has bytes beyond ASCII.
    static func isBeyondASCII(_ text: LineBytes) -> Bool {
        text.contains { $0 >= 0x80 }
    }

    /// A line as a model sees it: typographic dashes, quotes and spaces in ASCII, and each run of bytes that are not
    /// UTF-8 as one U+FFFD.
    static func plain(_ text: LineBytes) -> LineBytes {
        guard isBeyondASCII(text) else { return text }
        var result: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            let length = characterLength(text, at: index)
            let character = text[index..<index + (length ?? 1)]
            if length == nil || character.elementsEqual(replacement) {
                if !result.suffix(3).elementsEqual(replacement) { result += replacement }
            } else if let byte = asciiRelative(of: character) {
                result.append(byte)
            } else {
                result += character
            }
            index += character.count
        }
        return result[...]
    }

    /// U+FFFD.
    static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    private static func asciiRelative(of character: LineBytes) -> UInt8? {
        let first = character.startIndex
        if character.count == 2, character[first] == 0xC2, character[first + 1] == 0xA0 { return 0x20 }
        guard character.count == 3 else { return nil }
        switch (character[first], character[first + 1], character[first + 2]) {
        case (0xE2, 0x80, 0x90...0x95), (0xE2, 0x88, 0x92): return UInt8(ascii: "-")
        case (0xE2, 0x80, 0x98...0x9B): return UInt8(ascii: "'")
        case (0xE2, 0x80, 0x9C...0x9F): return UInt8(ascii: "\"")
        case (0xE2, 0x80, 0x82...0x8A), (0xE2, 0x80, 0xAF), (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80): return 0x20
        default: return nil
        }
    }
}
