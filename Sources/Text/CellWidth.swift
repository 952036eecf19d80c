extension Unicode.Scalar {
    /// How many columns of a terminal the character takes: 0, 1 or 2.
    ///
    /// Follows the East Asian Width property roughly. Sequences of joined emoji count for more than terminals that
    /// join them take, which costs space and never a broken line.
    public var cellWidth: Int {
        if value < 0x300 { return 1 }
        if isWide { return 2 }
        let isMark = properties.isGraphemeExtend || value == 0x200D || value == 0x200C
        return isMark ? 0 : 1
    }

    private var isWide: Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
            0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x17000...0x18D08, 0x1B000...0x1B2FF, 0x20000...0x3FFFD:
            !properties.isGraphemeExtend
        case 0x203C...0x3300, 0x1F000...0x1FAFF: properties.isEmojiPresentation
        default: false
        }
    }
}

extension StringProtocol {
    /// How many columns of a terminal the text takes; a tab or a control character counts as one.
    public var cellWidth: Int { unicodeScalars.reduce(0) { $0 + $1.cellWidth } }
}
