import Testing
import Text

@Suite struct `The width of text` {
    @Test(arguments: [("abc", 3), ("日本", 4), ("e\u{301}", 1), ("👍", 2), ("", 0), ("é", 1), ("한글", 4)])
    func `is counted in columns`(_ text: String, _ width: Int) {
        #expect(text.cellWidth == width)
    }
}
