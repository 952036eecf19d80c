import Testing
import Text

@Suite struct `Styling` {
    @Test(arguments: [
        ("\u{1B}[1;31mred\u{1B}[0m", "red"), ("\u{1B}]0;title\u{07}x", "x"), ("\u{1B}]8;;u\u{1B}\\link", "link"),
        ("plain", "plain"), ("\u{1B}", "\u{1B}"), ("\u{1B}[", ""), ("\u{1B}]open", "open"), ("\u{1B}[31", ""),
        ("a\u{1B}Mb", "a\u{1B}Mb"), ("\u{1B}(B\u{1B}[mx", "x"), ("\u{1B}(", ""), ("a\u{1B}\u{301}", "a\u{1B}\u{301}"),
    ])
    func `is left out of outputs`(_ text: String, _ expected: String) {
        #expect(text.withoutStyling == expected)
        #expect(text.dropFirst(0).withoutStyling == expected)
    }
}
