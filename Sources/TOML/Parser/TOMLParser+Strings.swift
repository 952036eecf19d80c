extension TOMLParser {
    /// Reads `"…"`.
    mutating func basicString() throws(TOMLError) -> String {
        offset += 1
        var text: [UInt8] = []
        while let byte = current, byte != .quote {
            if byte == .backslash { try escape(into: &text) } else { try plain(byte, into: &text) }
        }
        guard skip("\"") else { throw expected("\" at the end of the string") }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads `'…'`, in which a backslash is a plain character.
    mutating func literalString() throws(TOMLError) -> String {
        offset += 1
        var text: [UInt8] = []
        while let byte = current, byte != .apostrophe { try plain(byte, into: &text) }
        guard skip("'") else { throw expected("' at the end of the string") }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads `"""…"""` or `'''…'''`; a line end right behind the opening is dropped.
    ///
    /// Line ends become single line feeds.
    mutating func multilineString(_ delimiter: UInt8) throws(TOMLError) -> String {
        offset += 3
        _ = skipLineEnd()
        var text: [UInt8] = []
        while let byte = current {
            if byte == delimiter {
                let length = bytes[offset...].prefix(5).prefix { $0 == delimiter }.count
                // One or two more than the three that close belong to the text.
                text += repeatElement(delimiter, count: length < 3 ? length : length - 3)
                offset += length
                if length >= 3 { return String(decoding: text, as: UTF8.self) }
            } else if byte == .backslash, delimiter == .quote {
                if try !skipFoldedLine() { try escape(into: &text) }
            } else if skipLineEnd() {
                text.append(.lineFeed)
            } else {
                try plain(byte, into: &text)
            }
        }
        let quotes = String(repeating: delimiter == .quote ? "\"" : "'", count: 3)
        throw expected("\(quotes) at the end of the string")
    }

    private mutating func plain(_ byte: UInt8, into text: inout [UInt8]) throws(TOMLError) {
        guard !byte.isControl else { throw expected("a character of a string") }
        text.append(byte)
        offset += 1
    }

    /// Steps over a backslash that ends a line, and all white space behind it.
    private mutating func skipFoldedLine() throws(TOMLError) -> Bool {
        guard let next = byte(ahead: 1), [.space, .tab, .lineFeed, .carriageReturn].contains(next) else { return false }
        offset += 1
        skipBlanks()
        guard skipLineEnd() else { throw expected("the end of the line behind the backslash") }
        repeat { skipBlanks() } while skipLineEnd()
        return true
    }

    private mutating func escape(into text: inout [UInt8]) throws(TOMLError) {
        offset += 1
        let short: [Unicode.Scalar: UInt8] = [
            "b": 8, "t": 9, "n": 10, "f": 12, "r": 13, "\"": .quote, "\\": .backslash,
        ]
        switch current {
        case UInt8(ascii: "u"): try scalar(digits: 4, into: &text)
        case UInt8(ascii: "U"): try scalar(digits: 8, into: &text)
        case let byte?:
            guard let character = short[Unicode.Scalar(byte)] else {
                throw expected("one of b t n f r \" \\ u U behind the backslash")
            }
            text.append(character)
            offset += 1
        case nil: throw expected("a character behind the backslash")
        }
    }

    private mutating func scalar(digits count: Int, into text: inout [UInt8]) throws(TOMLError) {
        let start = offset
        offset += 1
        var number: UInt32 = 0
        for _ in 0..<count {
            guard let digit = current?.digit(in: 16) else { throw expected("\(count) hexadecimal digits") }
            number = number << 4 | UInt32(digit)
            offset += 1
        }
        guard let scalar = Unicode.Scalar(number) else {
            throw wrong("no Unicode character has this number", at: start)
        }
        text += UTF8.encode(scalar).map(Array.init) ?? []
    }
}
