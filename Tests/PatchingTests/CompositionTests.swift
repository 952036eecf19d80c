import Patching
import Testing

@Suite struct `Text composed otherwise` {
    @Test(arguments: [
        DiffCase("й", "a\u{438}\u{306}\nb\n", "@@\n-a\u{439}\n+c\n", "c\nb\n"),
        DiffCase("й, decomposed in the diff", "a\u{439}\nb\n", "@@\n-a\u{438}\u{306}\n+c\n", "c\nb\n"),
        DiffCase("é against e", "cafe\u{301}\n", "@@\n-caf\u{E9}\n+x\n", "x\n"),
        DiffCase("Hangul", "\u{1112}\u{1161}\u{11AB}\n", "@@\n-\u{D55C}\n+x\n", "x\n"),
        DiffCase("marks in another order", "a\u{323}\u{307}\n", "@@\n-a\u{307}\u{323}\n+x\n", "x\n"),
        DiffCase("the sign of the angstrom", "5 \u{212B}\n", "@@\n-5 \u{C5}\n+x\n", "x\n"),
        DiffCase("the sign of the kelvin is K", "5 \u{212A}\n", "@@\n-5 K\n+x\n", "x\n"),
        DiffCase("context keeps its bytes", "e\u{301}\nb\n", "@@\n \u{E9}\n-b\n+\u{E9}\n", "e\u{301}\n\u{E9}\n"),
        DiffCase(
            "a line that the diff keeps does, too", "e\u{301}\na\no\u{308}\nb\n",
            "@@\n-\u{E9}\n-a\n-\u{F6}\n-b\n+\u{E9}\n+x\n+\u{F6}\n+y\n", "e\u{301}\nx\no\u{308}\ny\n"),
        DiffCase(
            "new lines are as in the diff", "e\u{301}\n", "@@\n \u{E9}\n+e\u{301} \u{E9}\n",
            "e\u{301}\ne\u{301} \u{E9}\n"),
        DiffCase("with other white space", "  e\u{301}  \n  b\n", "@@\n \u{E9}\n-b\n+c\n", "  e\u{301}  \n  c\n"),
        DiffCase(
            "an anchor", "def e\u{301}():\n    a\n", "@@ def \u{E9}\n-    a\n+    b\n", "def e\u{301}():\n    b\n"),
        DiffCase("new lines behind an anchor", "e\u{301}\nb\n", "@@ \u{E9}\n+a\n", "e\u{301}\na\nb\n"),
        DiffCase("what is the same comes first", "e\u{301}\n\u{E9}\n", "@@\n-\u{E9}\n+x\n", "e\u{301}\nx\n"),
        DiffCase(
            "an anchor leaves one", "f:\n  e\u{301}\ng:\n  e\u{301}\n", "@@ g:\n-  \u{E9}\n+  x\n",
            "f:\n  e\u{301}\ng:\n  x\n"),
        DiffCase("two places", "e\u{301}\na\ne\u{301}\n", "@@\n-\u{E9}\n+x\n", refused: .ambiguous),
        DiffCase("two neighbours, one to go", "e\u{301}\ne\u{301}\n", "@@\n-\u{E9}\n", refused: .ambiguous),
        DiffCase(
            "two places and a line number", "e\u{301}\ne\u{301}\n", "@@ -2 +2 @@\n-\u{E9}\n+x\n", refused: .ambiguous),
        DiffCase("another letter", "e\u{301}\n", "@@\n-e\n+x\n", refused: .notFound),
        DiffCase("compatible, but not equivalent", "\u{FB01}\n", "@@\n-fi\n+x\n", refused: .notFound),
    ])
    func `is found where nothing else fits, in one place`(_ table: DiffCase) {
        for dialect in PatchDialect.allCases { table.check(dialect) }
    }

    @Test func `is found in Latin-1, too`() throws {
        let file: [UInt8] = [0x63, 0x61, 0x66, 0xE9, 0x0A]
        #expect(
            try PatchEngine.apply(diff: "@@\n cafe\u{301}\n+x\n", to: file, path: "f", dialect: .native) == file + [
                0x78, 0x0A,
            ])
    }

    @Test func `is named by its code points where it fits twice`() throws {
        let error = try #require(refusal("@@\n-a\u{439}\n+x\n", of: "a\u{438}\u{306}\nb\na\u{438}\u{306}\n"))
        #expect(error.fileLines == [1, 3])
        #expect(
            error.message.hasSuffix(
                "They look alike only: in line 1, column 2, the file has U+0438 U+0306 and the patch U+0439."),
            "\(error)")
    }

    @Test func `is not what a refusal shows of a hunk that differs elsewhere`() throws {
        let error = try #require(refusal("@@\n cafe\u{301}\n-b b b\n+x\n", of: "caf\u{E9}\nb c b\n"))
        #expect(error.message.contains("line 2 differs:"), "\(error)")
    }
}

@Suite struct `Lines that look alike` {
    @Test(arguments: [
        ("Cyrillic", "total = \u{430}1\n", "total = a1", 9, "U+0430", "U+0061"),
        ("Greek", "x \u{39F}\n", "x O", 3, "U+039F", "U+004F"),
        ("zero width space", "ab\u{200B}cd ef\n", "abcd ef", 3, "U+200B", "U+0063"),
        ("joiner in the patch", "abcd ef\n", "ab\u{200D}cd ef", 2, "U+0062", "U+0062 U+200D"),
        ("soft hyphen", "ab\u{AD}cd ef\n", "abcd ef", 3, "U+00AD", "U+0063"),
        ("tab inside", "a\tb c d\n", "a b c d", 2, "U+0009", "U+0020"),
        ("odd space", "a\u{1680}b c d\n", "a b c d", 2, "U+1680", "U+0020"),
        ("fullwidth", "f\u{FF08}x)\n", "f(x)", 2, "U+FF08", "U+0028"),
        ("prime", "a\u{2032}b c\n", "a'b c", 2, "U+2032", "U+0027"),
        ("byte-order mark inside", "ab \u{FEFF}cd\n", "ab cd", 4, "U+FEFF", "U+0063"),
        ("variation selector", "ab \u{2764}\u{FE0F} cd\n", "ab \u{2764} cd", 4, "U+2764 U+FE0F", "U+2764"),
    ])
    func `are told apart by their code points`(
        _ name: String, _ file: String, _ old: String, _ column: Int, _ there: String, _ here: String
    ) throws {
        let error = try #require(refusal("@@\n-\(old)\n+x\n", of: "first\n" + file))
        #expect(
            error.message.contains(
                "They look alike: in line 2, column \(column), the file has \(there) and the patch \(here).\n"),
            "\(error)")
    }

    @Test func `are told in each line of a hunk`() throws {
        let error = try #require(refusal("@@\n one a\n-two a\n+x\n", of: "one \u{430}\ntwo \u{430}\n"))
        #expect(error.message.contains("in line 1, column 5"))
        #expect(error.message.contains("in line 2, column 5"))
    }

    @Test func `are told of an anchor`() throws {
        let error = try #require(refusal("@@ def load(a):\n-a\n+b\n", of: "def lo\u{430}d(a):\na\n", .envelope))
        #expect(error.message.contains("at column 7 of the text it has U+0430, not U+0061."), "\(error)")
    }

    @Test func `are not said to be where they are seen to differ`() throws {
        let error = try #require(refusal("@@\n-alpha beta\n+x\n", of: "alpha bета gamma\n"))
        #expect(!error.message.contains("alike:") || error.message.contains("column 8"), "\(error)")
        let other = try #require(refusal("@@\n-alpha beta\n+x\n", of: "alpha zeta\n"))
        #expect(!other.message.contains("alike"), "\(other)")
    }
}
