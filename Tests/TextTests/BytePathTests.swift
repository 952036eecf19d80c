import Testing
import Text

@Suite struct `A path as bytes` {
    /// `é` as one character and as a letter with an accent.
    private let composed: BytePath = "\u{E9}.txt"
    private let decomposed: BytePath = "e\u{301}.txt"

    @Test func `is another one if only its composition differs`() {
        #expect("\u{E9}.txt" == "e\u{301}.txt")
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed, "\u{E9}.txt"]).count == 2)
        #expect(BytePath("\u{AC00}") != BytePath("\u{1100}\u{1161}"))
        #expect(BytePath("a") != BytePath("A"))
    }

    @Test func `is ordered as git orders names`() {
        let sorted = ["b", "a/b", "a", "a.c", "\u{E9}", "e\u{301}", "Z"].map { BytePath($0) }.sorted()
        #expect(sorted == ["Z", "a", "a.c", "a/b", "b", "e\u{301}", "\u{E9}"])
    }

    @Test func `has folders at its slashes, whatever stands behind them`() {
        let path: BytePath = "a/\u{301}b/c"
        #expect(path.names == ["a", "\u{301}b", "c"])
        #expect(path.parents == ["a", "a/\u{301}b"])
        #expect(path.name == "c")
        #expect(path.isBelow("a") && path.isBelow("a/\u{301}b") && path.isBelow(""))
        #expect(
            !path.isBelow("a/b") && !path.isBelow(path) && !BytePath("ab").isBelow("a") && !BytePath("").isBelow(""))
        #expect(BytePath("").appending("a").appending("\u{301}b").appending("c") == path)
    }

    @Test(
        arguments: [
            (Array("a b/é".utf8), "a b/é"), ([0xE9, 0x2E, 0x74], "\"\\351.t\""),
            ([0x61, 0xFF, 0x0A, 0x22], "\"a\\377\\n\\\"\""),
            ([0x22, 0x61], "\"\\\"a\""), ([0x61, 0x0A, 0x62], "a\nb"), ([0x5C, 0x61], "\\a"), ([], ""),
        ] as [([UInt8], String)])
    func `is spelled as text, as git spells it where it is none`(_ bytes: [UInt8], _ text: String) {
        let path = BytePath(bytes: bytes)
        #expect(path.text == text)
        #expect(BytePath(spelled: text) == path)
    }

    @Test func `is the same after it was spelled, whatever its bytes`() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let pool: [UInt8] = [0x22, 0x5C, 0x61, 0x2F, 0x0A, 0x09, 0xC3, 0xA9, 0xFF, 0x30, 0x33, 0x6E]
            let bytes = (0..<Int.random(in: 0...8, using: &random)).map { _ in
                pool.randomElement(using: &random) ?? UInt8.random(in: 1...255, using: &random)
            }
            #expect(BytePath(spelled: BytePath(bytes: bytes).text) == BytePath(bytes: bytes), "\(bytes)")
        }
    }

    @Test(arguments: [
        ("\"\\", "\"\\"), ("\"a", "\"a"), ("\"\\9\"", "\"\\9\""), ("\"\\400\"", "\"\\400\""), ("\"a\" b", "\"a\" b"),
        ("\"\\+10\"", "\"\\+10\""),
    ])
    func `is taken as it stands if it only begins like a spelling`(_ text: String, _ expected: String) {
        #expect(BytePath(spelled: text).bytes == Array(expected.utf8))
    }

    @Test func `is shown on one line and without what a terminal obeys`() {
        #expect("\(BytePath("a\nb\u{1B}[2J\u{202E}"))" == "a\\nb\\u{1B}[2J\\u{202E}")
        #expect("\(BytePath(bytes: [0x61, 0x9B]))" == "\"a\\233\"")
    }
}
