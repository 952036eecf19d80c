/// What a character does to a terminal or to a reader other than stand for itself.
///
/// This is the one table of it: `stripped`, `marked` and `named` differ in what they put in its place, never in what
/// they look for.
public enum CharacterEffect: Sendable, Hashable {
    /// Ends a line: LF, CR, NEL, and Unicode's line and paragraph separators.
    case lineEnd
    /// Moves to the next tab stop.
    case tab
    /// Is obeyed by a terminal: the rest of C0, DEL and C1.
    case control
    /// Turns around how other text is shown: all of Unicode's Bidi_Control.
    case direction
    /// Is there and not seen: format characters, fillers, joiners, selectors, tags.
    ///
    /// Two texts that look alike may differ in it, and instructions for a model can be hidden in it.
    case hidden
    /// Looks like a space and is another character.
    case blank
    /// Means nothing that is known here: private, unassigned, or no character at all.
    ///
    /// No terminal acts on it, and it may be a symbol of a later Unicode; a reader only sees a box.
    case unknown
}

extension Unicode.Scalar {
    /// What the character does wherever it stands; nil if it stands for itself.
    ///
    /// What is no letter, mark, number or symbol by its general category is listed whole: each Cc, Cf, Zl, Zp, Co and
    /// Cn has an effect. U+3000 and U+202F are no `blank`: the one is seen by its width, the other groups the digits of
    /// figures. Joiners and selectors may be harmless where they stand, which `EffectReader` knows.
    public var effect: CharacterEffect? {
        switch value {
        case 0x20..<0x7F: nil
        case 0x09: .tab
        case 0x0A, 0x0D, 0x85, 0x2028, 0x2029: .lineEnd
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: .direction
        case 0xA0, 0x1680, 0x2000...0x200A, 0x205F, 0x2800: .blank
        case 0xA1..<0xAD, 0xAE..<0x300: nil
        default:
            switch properties.generalCategory {
            case .control: .control
            case .format, .lineSeparator, .paragraphSeparator: .hidden
            case .unassigned, .privateUse, .surrogate: properties.isDefaultIgnorableCodePoint ? .hidden : .unknown
            default: properties.isDefaultIgnorableCodePoint ? .hidden : nil
            }
        }
    }

    /// The number as Unicode writes it: `U+202E`.
    public var codePoint: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}
