/// A number as TOML writes it.
enum TOMLNumber {
    case integer(Int)
    case float(Double)
    /// A whole number beyond 64 bits.
    case tooLarge

    /// Reads a number; nil if the word is not one.
    init?(_ word: ArraySlice<UInt8>) {
        if word.first == UInt8(ascii: "0"),
            let radix = word.dropFirst().first.flatMap({ Self.radices[Unicode.Scalar($0)] })
        {
            guard let digits = Self.digits(word.dropFirst(2), radix: radix) else { return nil }
            self = Int(digits, radix: radix).map(TOMLNumber.integer) ?? .tooLarge
            return
        }
        var rest = word
        let isSigned = rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-")
        let sign = rest.first == UInt8(ascii: "-") ? "-" : ""
        if isSigned { rest.removeFirst() }
        let whole = rest.prefix { !".eE".utf8.contains($0) }
        guard let digits = Self.digits(whole, radix: 10), digits == "0" || !digits.hasPrefix("0") else { return nil }
        rest = rest[whole.endIndex...]
        if rest.isEmpty {
            self = Int(sign + digits).map(TOMLNumber.integer) ?? .tooLarge
            return
        }
        guard let fraction = Self.fraction(rest), let number = Double(sign + digits + fraction) else { return nil }
        self = .float(number)
    }

    private static let radices: [Unicode.Scalar: Int] = ["x": 16, "o": 8, "b": 2]

    /// The point and the exponent, without underscores; nil if they are invalid.
    private static func fraction(_ text: ArraySlice<UInt8>) -> String? {
        var rest = text
        var fraction = ""
        if rest.first == UInt8(ascii: ".") {
            let part = rest.dropFirst().prefix { $0 | 0x20 != UInt8(ascii: "e") }
            guard let digits = digits(part, radix: 10) else { return nil }
            fraction = "." + digits
            rest = rest[part.endIndex...]
        }
        if rest.isEmpty { return fraction }
        rest.removeFirst()
        var sign = ""
        if let first = rest.first, "+-".utf8.contains(first) {
            sign = first == UInt8(ascii: "-") ? "-" : ""
            rest.removeFirst()
        }
        guard let digits = digits(rest, radix: 10) else { return nil }
        return fraction + "e" + sign + digits
    }

    /// Digits without the underscores between them; nil for anything else, and for none.
    private static func digits(_ text: ArraySlice<UInt8>, radix: Int) -> String? {
        var digits: [UInt8] = []
        var isAfterDigit = false
        for byte in text {
            if byte == UInt8(ascii: "_") {
                guard isAfterDigit else { return nil }
                isAfterDigit = false
            } else {
                guard byte.digit(in: radix) != nil else { return nil }
                digits.append(byte)
                isAfterDigit = true
            }
        }
        return isAfterDigit ? String(decoding: digits, as: UTF8.self) : nil
    }
}
