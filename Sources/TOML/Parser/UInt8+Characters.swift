extension UInt8 {
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let quote = UInt8(ascii: "\"")
    static let apostrophe = UInt8(ascii: "'")
    static let backslash = UInt8(ascii: "\\")

    var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }

    var isLetter: Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= self | 0x20 }

    /// Whether a key without quotes may contain it.
    var isBare: Bool { isLetter || isDigit || self == UInt8(ascii: "-") || self == UInt8(ascii: "_") }

    /// Whether it is a control character that no string and no comment may contain.
    var isControl: Bool { (self < 0x20 && self != .tab) || self == 0x7F }

    /// Its value as a digit in a base; nil if it is not a digit there.
    func digit(in radix: Int) -> Int? {
        let value: Int
        if isDigit {
            value = Int(self - UInt8(ascii: "0"))
        } else if isLetter {
            value = Int((self | 0x20) - UInt8(ascii: "a")) + 10
        } else {
            return nil
        }
        return value < radix ? value : nil
    }
}
