import Testing
import Text

@Suite struct `What a character does` {
    /// PropList.txt of Unicode: all that has Bidi_Control.
    private static let bidiControls: [ClosedRange<UInt32>] = [
        0x061C...0x061C, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069,
    ]

    @Test func `is known for each control, format, separator, private and unassigned character`() {
        for scalar in allScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate:
                if scalar.effect == nil { Issue.record("\(scalar.codePoint) has no effect") }
            case .uppercaseLetter, .lowercaseLetter, .decimalNumber, .dashPunctuation, .mathSymbol, .currencySymbol:
                if scalar.effect != nil { Issue.record("\(scalar.codePoint) has an effect") }
            default: break
            }
            if scalar.properties.isDefaultIgnorableCodePoint, scalar.effect == nil {
                Issue.record("\(scalar.codePoint) is not seen")
            }
        }
    }

    @Test func `is to turn text around for all of Bidi_Control and nothing else`() {
        let turning = allScalars.filter { $0.effect == .direction }.map(\.value)
        #expect(Array(turning) == Self.bidiControls.flatMap(Array.init))
    }

    @Test func `is to be obeyed for all of C0, DEL and C1 but line ends and tabs`() {
        let obeyed = allScalars.filter { $0.effect == .control }.map(\.value)
        let controls = Array(0x00...0x1F as ClosedRange<UInt32>) + Array(0x7F...0x9F)
        #expect(Array(obeyed) == controls.filter { ![0x09, 0x0A, 0x0D, 0x85].contains($0) })
        let ends = allScalars.filter { $0.effect == .lineEnd }.map(\.value)
        #expect(Array(ends) == [0x0A, 0x0D, 0x85, 0x2028, 0x2029])
    }

    @Test(arguments: [
        (0xAD, CharacterEffect.hidden), (0x34F, .hidden), (0x115F, .hidden), (0x180E, .hidden), (0x200B, .hidden),
        (0x200D, .hidden), (0x2060, .hidden), (0x206F, .hidden), (0x3164, .hidden), (0xFE0F, .hidden),
        (0xFEFF, .hidden), (0xFFF9, .hidden), (0x1D173, .hidden), (0xE0001, .hidden), (0xE0041, .hidden),
        (0xE0100, .hidden), (0xE0FFF, .hidden), (0xE000, .unknown), (0x10FFFD, .unknown), (0xFFFF, .unknown),
        (0x378, .unknown), (0xA0, .blank), (0x2003, .blank), (0x2800, .blank), (0x09, .tab),
    ])
    func `is to hide, to look blank, or not known`(_ value: Int, _ effect: CharacterEffect) throws {
        #expect(try #require(Unicode.Scalar(UInt32(value))).effect == effect)
    }

    @Test(arguments: [
        "naïve Ελλάδα Привет", "日本語　テキスト", "😀 👍🏽 🇩🇪", "👩‍💻 👨‍👩‍👧", "❤️‍🔥 ☺️ ☺︎", "1️⃣ #️⃣", "می‌خواهم", "क्‍ष", "e\u{301}",
        "12\u{202F}000",
    ])
    func `is nothing in honest text`(_ text: String) {
        #expect(text.stripped == text && text.marked == text && text.named == text)
    }

    @Test(arguments: [
        ("a\u{200D}b", "a<U+200D>b"), ("👩\u{200D}", "👩<U+200D>"), ("👩\u{200D}\u{200D}💻", "👩<U+200D><U+200D>💻"),
        ("a\u{FE0F}", "a<U+FE0F>"), ("1\u{FE0F}", "1<U+FE0F>"), ("☺\u{FE0F}\u{FE0F}", "☺\u{FE0F}<U+FE0F>"),
        ("☺\u{FE00}", "☺<U+FE00>"), ("pass\u{200C}word", "pass<U+200C>word"), ("م\u{200C} x", "م<U+200C> x"),
        ("🏴\u{E0067}\u{E007F}", "🏴<U+E0067><U+E007F>"), ("\u{200D}💻", "<U+200D>💻"),
    ])
    func `is told of joiners and selectors where they hide`(_ text: String, _ marked: String) {
        #expect(text.marked == marked)
    }
}
