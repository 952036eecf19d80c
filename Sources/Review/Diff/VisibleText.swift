extension StringProtocol {
    /// The text on one line, with a name in the place of all that a terminal would obey or that cannot be seen.
    var visible: String {
        var text = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "\n", "\t": text += " "
            case "\r": continue
            default:
                if let name = scalar.visibleName { text += name } else { text.unicodeScalars.append(scalar) }
            }
        }
        return text
    }
}

extension Unicode.Scalar {
    /// What to show instead of the character; nil if it can be shown, as a tab can.
    ///
    /// That is control characters, the marks that turn text around, and spaces that look like none or like others.
    var visibleName: String? {
        switch value {
        case 0x09: nil
        case 0x00..<0x20: "^" + String(Character(Unicode.Scalar(UInt8(value) + 0x40)))
        case 0x7F: "^?"
        case 0x80..<0xA0, 0xA0, 0xAD, 0x061C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
            0xFFF9...0xFFFB, 0xE0000...0xE0FFF:
            "<U+\(String(value, radix: 16, uppercase: true).leftPadded(to: 4))>"
        default: nil
        }
    }
}

extension UInt8 {
    /// Two hexadecimal digits.
    var hex: String { String(self, radix: 16, uppercase: true).leftPadded(to: 2) }
}

extension String {
    fileprivate func leftPadded(to width: Int) -> String {
        String(repeating: "0", count: max(0, width - utf8.count)) + self
    }
}
