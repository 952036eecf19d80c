import Testing
import Text

@Suite struct `Text for a terminal` {
    private static let verbs: [(name: String, apply: @Sendable (String) -> String)] = [
        ("stripped", { $0.stripped }), ("marked", { $0.marked }), ("markedLine", { $0.markedLine }),
        ("named", { $0.named }), ("quoted", { $0.quoted }),
    ]

    /// Whether a terminal or a reader is safe from the text; a line feed and a tab may be in it.
    private static func isSafe(_ text: String, allowing lines: Bool = true) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control: lines && (scalar == "\n" || scalar == "\t")
            case .format: scalar == "\u{200C}" || scalar == "\u{200D}"
            case .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
    }

    @Test func `is safe for every character, between any others`() {
        for scalar in allScalars where scalar.effect != nil {
            let text = "a\(scalar)b"
            let found = scalar.codePoint
            if !Self.isSafe(text.stripped) || !Self.isSafe(text.marked) { Issue.record("\(found) goes through") }
            let lines = [text.markedLine, text.named, text.quoted]
            if !lines.allSatisfy({ Self.isSafe($0, allowing: false) }) { Issue.record("\(found) is in a line") }
        }
    }

    @Test func `stays as it is when it is made safe twice, and is safe when it is joined`() {
        let pieces = [
            "a", "1", "\u{1B}", "[", "\u{9B}", "31m", "\r", "\n", "\t", "\u{85}", "\u{2028}", "\u{202E}", "\u{200D}",
            "\u{200C}", "\u{FE0F}", "\u{20E3}", "👩", "💻", "❤", "क्", "م",
            "\u{E0041}", "\u{E000}", "\u{A0}", "\u{301}", "\\", "\"",
        ]
        var random = SeededRandom(7)
        func text() -> String {
            (0..<8).reduce(into: "") { text, _ in text += pieces.randomElement(using: &random) ?? "" }
        }
        for _ in 0..<3000 {
            let (one, other) = (text(), text())
            for (name, apply) in Self.verbs {
                let (first, second) = (apply(one), apply(other))
                if name != "quoted", apply(first) != first { Issue.record("\(name) changes \(first.quoted) again") }
                if !Self.isSafe(first + second) { Issue.record("\(name) of \(one.quoted) and \(other.quoted)") }
            }
        }
    }

    @Test(arguments: [
        ("a\r\nb\rc\u{85}d\u{2028}e\u{2029}f\n", "a\nb\nc\nd\ne\nf\n"), ("a\r\n\r\nb", "a\n\nb"), ("a\tb", "a\tb"),
        ("\u{1B}[31mred\u{1B}[0m\u{7}", "[31mred[0m"), ("a\u{202E}b\u{200B}c\u{AD}d\u{FEFF}", "abcd"),
        ("a\u{A0}b\u{E0B0}", "a\u{A0}b\u{E0B0}"), ("", ""), ("plain", "plain"),
    ])
    func `is stripped to go on`(_ text: String, _ stripped: String) {
        #expect(text.stripped == stripped)
    }

    @Test(arguments: [
        ("a\u{1B}[2Jb\u{7F}\u{9B}", "a^[[2Jb^?<U+009B>"), ("a\r\nb\rc\r", "a\nb^Mc^M"), ("a\tb\n", "a\tb\n"),
        ("\u{202E}\u{200B}\u{A0}\u{2028}", "<U+202E><U+200B><U+00A0><U+2028>"), ("\u{E0041}", "<U+E0041>"),
        ("\0", "^@"),
    ])
    func `is marked for a person`(_ text: String, _ marked: String) {
        #expect(text.marked == marked)
        let spaces = marked.map { $0 == "\n" || $0 == "\t" ? " " : String($0) }.joined()
        #expect(text.markedLine == spaces)
    }

    @Test(arguments: [
        ("a\tb\r\n", #"a\tb\r\n"#, #""a\tb\r\n""#), ("\u{1B}[1m", #"\u{1B}[1m"#, #""\u{1B}[1m""#),
        ("\u{202E}x", #"\u{202E}x"#, #""\u{202E}x""#), (#"say "\n""#, #"say "\n""#, #""say \"\\n\"""#),
    ])
    func `is named in a message`(_ text: String, _ named: String, _ quoted: String) {
        #expect(text.named == named && text.quoted == quoted)
    }
}
