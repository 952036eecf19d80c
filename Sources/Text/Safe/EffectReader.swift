/// Tells the effects of a text's characters one after the other, with regard to their neighbours.
///
/// A joiner or selector without which honest text cannot be read is no effect where nothing else could be hidden in
/// it: inside an emoji, behind a virama, and between cursive letters (the rules of RFC 5892, A.1 and A.2, for names of
/// hosts). Anywhere else the same character is `hidden`.
public struct EffectReader: Sendable {
    private var previous: Unicode.Scalar?

    /// Begins a text, or goes on behind something that is no character.
    public init() {}

    /// What the next character does.
    ///
    /// - Parameter next: The character behind it; nil at the end.
    public mutating func effect(
        of scalar: Unicode.Scalar, before next: @autoclosure () -> Unicode.Scalar?
    ) -> CharacterEffect? {
        guard let effect = scalar.effect else {
            previous = scalar
            return nil
        }
        guard effect == .hidden, let before = previous, scalar.isReadable(between: before, next()) else {
            previous = nil
            return effect
        }
        previous = scalar
        return nil
    }
}

extension Unicode.Scalar {
    private static let joiner: Unicode.Scalar = "\u{200D}"
    private static let nonJoiner: Unicode.Scalar = "\u{200C}"
    private static let emojiSelector: Unicode.Scalar = "\u{FE0F}"
    private static let textSelector: Unicode.Scalar = "\u{FE0E}"
    private static let keycap: Unicode.Scalar = "\u{20E3}"

    /// Whether a hidden character does its plain duty between two that are shown.
    fileprivate func isReadable(between previous: Unicode.Scalar, _ next: Unicode.Scalar?) -> Bool {
        switch self {
        case Self.emojiSelector where previous.isKeycapBase: next == Self.keycap
        case Self.emojiSelector, Self.textSelector: previous.isPictograph
        case Self.joiner where previous.isPictograph || previous == Self.emojiSelector: next?.isPictograph == true
        case Self.joiner: previous.isVirama
        case Self.nonJoiner: previous.isVirama || (previous.isCursive && next?.isCursive == true)
        default: false
        }
    }

    private var isKeycapBase: Bool { ("0"..."9").contains(self) || self == "#" || self == "*" }
    private var isPictograph: Bool { !isASCII && properties.isEmoji }
    private var isVirama: Bool { properties.canonicalCombiningClass == .virama }

    /// A letter or mark of the scripts whose letters are joined: Arabic, Syriac, Thaana, N'Ko, Mandaic, Mongolian.
    private var isCursive: Bool {
        switch value {
        case 0x0600...0x07FF, 0x0840...0x08FF, 0x1800...0x18AF:
            properties.isAlphabetic || properties.generalCategory == .nonspacingMark
        default: false
        }
    }
}

extension StringProtocol {
    /// Goes through the text; the last value is the character behind.
    func forEachEffect(_ body: (Unicode.Scalar, CharacterEffect?, Unicode.Scalar?) -> Void) {
        var reader = EffectReader()
        var rest = unicodeScalars.makeIterator()
        var next = rest.next()
        while let scalar = next {
            next = rest.next()
            body(scalar, reader.effect(of: scalar, before: next), next)
        }
    }

    /// Whether the text is ASCII without any control character but line feeds and tabs, as most is.
    var isPlainASCII: Bool { utf8.allSatisfy { ($0 >= 0x20 && $0 < 0x7F) || $0 == 0x0A || $0 == 0x09 } }
}
