extension TOMLParser {
    /// Reads a value without quotes: a number, a date or time, `true` or `false`.
    mutating func word() throws(TOMLError) -> TOMLValue {
        let start = offset
        skipWord()
        // A space may stand between a date and its time.
        if offset - start == 10, current == .space, byte(ahead: 1)?.isDigit == true,
            TOMLDateTime(bytes[start..<offset]) != nil
        {
            offset += 1
            skipWord()
        }
        let word = bytes[start..<offset]
        guard let first = word.first else { throw expected("a value") }
        let text = String(decoding: word.prefix(40), as: UTF8.self)
        switch text {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case "inf", "+inf": return .float(.infinity)
        case "-inf": return .float(-.infinity)
        case "nan", "+nan", "-nan": return .float(.nan)
        default: break
        }
        if first.isDigit, let dateTime = TOMLDateTime(word) { return .dateTime(dateTime) }
        if let number = TOMLNumber(word) {
            switch number {
            case .integer(let number): return .integer(number)
            case .float(let number): return .float(number)
            case .tooLarge: throw wrong("\(text) does not fit in 64 bits", at: start)
            }
        }
        let isText = first.isLetter || first == UInt8(ascii: "_")
        throw wrong(
            isText ? "invalid value \(text): a string needs quotes" : "invalid number, date or time \(text)", at: start)
    }

    private mutating func skipWord() {
        while let byte = current, byte.isBare || "+.:".utf8.contains(byte) { offset += 1 }
    }
}
