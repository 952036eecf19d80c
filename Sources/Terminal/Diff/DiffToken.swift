/// A stretch of a line that is compared as a whole: a word, or one other character with its marks.
struct DiffToken: Sendable, Hashable {
    /// Where it stands in the line's bytes.
    let range: Range<Int>
    /// Whether it is white space, which counts for nothing when lines are compared.
    let isSpace: Bool

    /// Cuts a line into tokens that cover it without gaps.
    ///
    /// Letters, digits and underscores of any script make words; a letter of a script that is written without
    /// spaces is a word of its own. Bytes that are not UTF-8 are tokens of one byte.
    static func tokens(of line: [UInt8]) -> [DiffToken] {
        var tokens: [DiffToken] = []
        var last = Shape.other
        for step in UTF8Scan(line) {
            let shape = step.scalar.map(Shape.init) ?? .other
            let isJoined = shape == .mark || last == .joiner || (shape == .word && last == .word)
            if isJoined, let token = tokens.last {
                tokens[tokens.count - 1] = DiffToken(
                    range: token.range.lowerBound..<step.range.upperBound, isSpace: token.isSpace)
            } else {
                tokens.append(DiffToken(range: step.range, isSpace: shape == .space))
            }
            if step.scalar?.value == 0x200D {
                last = .joiner
            } else if shape != .mark || tokens.count == 1 {
                last = shape
            }
        }
        return tokens
    }
}

/// What a character does to the token before it.
private enum Shape {
    /// Part of a word.
    case word
    /// White space.
    case space
    /// Belongs to the character before it.
    case mark
    /// Joins the next character to this token.
    case joiner
    /// Stands alone.
    case other

    init(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: self = .word
        case 0x09, 0x20: self = .space
        case 0..<0x80: self = .other
        default:
            let properties = scalar.properties
            if properties.isGraphemeExtend || properties.isEmojiModifier || scalar.value == 0x200D {
                self = .mark
            } else if properties.isIdeographic || (0x3040...0x30FF).contains(scalar.value) {
                self = .other
            } else if properties.isAlphabetic || properties.numericType != nil {
                self = .word
            } else {
                self = properties.isWhitespace ? .space : .other
            }
        }
    }
}
