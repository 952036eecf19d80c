import Repository
import TestSupport
import Testing
import Text

@testable import Terminal

@Suite struct DiffPrinterTests {
    private func text(_ file: FileDiff, width: Int = 80) -> [String] {
        DiffPrinter(width: width).rows(of: file).map(\.line.text)
    }

    /// The rows with tones spelled out: `{addedWord:x}`; the tones of the line itself are left out.
    private func marked(_ file: FileDiff) -> [String] {
        DiffPrinter(width: 80).rows(of: file).map { row in
            row.line.spans.map { span in
                switch span.tone {
                case .addedWord, .removedWord, .invisible: "{\(span.text)}"
                default: span.text
                }
            }.joined()
        }
    }

    private let change = SampleDiff.hunk(
        " def f(x):\n-    return x + 1\n+    return x + 2\n \n", oldStart: 9, newStart: 10, heading: "class A:")

    @Test func `a change has a heading, numbers, signs and marked words`() {
        #expect(
            marked(SampleDiff.file("src/a.py", change)) == [
                "M src/a.py  +1 −1",
                "@@ -9,3 +10,3 @@ class A:",
                " 9 10   def f(x):",
                "10    -     return x + {1}",
                "   11 +     return x + {2}",
                "11 12   ",
            ])
    }

    @Test(arguments: [
        (SampleDiff.file("a", kind: .added, SampleDiff.hunk("+x\n", oldStart: 0)), "A a  +1"),
        (SampleDiff.file("a", kind: .added, modes: (0, 0o100755), SampleDiff.hunk("+x\n")), "A a  +1  executable"),
        (SampleDiff.file("a", kind: .added), "A a  empty"),
        (SampleDiff.file("a", kind: .added, modes: (0, 0o120000), SampleDiff.hunk("+x\\\n")), "A a  +1  link"),
        (SampleDiff.file("a", kind: .deleted, SampleDiff.hunk("-x\n")), "D a  −1"),
        (SampleDiff.file("b", from: "a", kind: .renamed), "R a → b  content unchanged"),
        (SampleDiff.file("a", modes: (0o100644, 0o100755)), "M a  now executable"),
        (
            SampleDiff.file("a", modes: (0o100755, 0o100644), SampleDiff.hunk("-x\n+y\n")),
            "M a  +1 −1  no longer executable"
        ),
        (SampleDiff.file("a.png", isBinary: true), "M a.png  binary"),
        (SampleDiff.file("a\u{1B}[2J\nb", isBinary: true), "M a^[[2J b  binary"),
    ])
    func `the heading says what happened to the file`(_ file: FileDiff, _ expected: String) {
        #expect(text(file).first == expected)
    }

    @Test(arguments: [
        ("-x\n+x \t\n", ["-x", "+x{·→ }"]),
        ("-x\r\n+x\n", ["-x{␍}", "+x"]),
        ("-a b\r\n+a c\r\n", ["-a {b}", "+a {c}"]),
        ("-x\\\n+x\n", ["-x", "\\ no newline at the end of the file", "+x"]),
        ("+a\u{1B}[31mb\u{202E}\u{00A0}\n", ["+a{^[}[31mb{<U+202E><U+00A0>}"]),
        ("-\tx\n+    x\n", ["-{    }x", "+{    }x"]),
        ("+a\tb\n", ["+a   b"]),
    ])
    func `what cannot be seen is shown`(_ lines: String, _ expected: [String]) {
        let rows = marked(SampleDiff.file("a", SampleDiff.hunk(lines))).dropFirst(2)
        let texts = rows.map { row in
            let isNote = row.contains("\\ no")
            let start = row.firstIndex { ["+", "-", "\\"].contains($0) } ?? row.startIndex
            return isNote ? String(row[start...]) : String(row[start]) + row[start...].dropFirst(2)
        }
        #expect(texts == expected)
    }

    @Test func `bytes that are not UTF-8 are shown by number`() {
        let line = DiffLine(kind: .added, bytes: [0x63, 0x61, 0x66, 0xE9, 0x0A], oldNumber: nil, newNumber: 1)
        let hunk = DiffHunk(oldStart: 0, oldCount: 0, newStart: 1, newCount: 1, heading: "", lines: [line])
        #expect(marked(SampleDiff.file("a", hunk)).last?.hasSuffix("+ caf{<E9>}") == true)
    }

    @Test func `long lines are wrapped, very long ones cut`() {
        let long = SampleDiff.hunk("+" + String(repeating: "0123456789", count: 10) + "\n")
        #expect(
            text(SampleDiff.file("a", long), width: 40).dropFirst(2) == [
                " 1 + 01234567890123456789012345678901234", "   ┆ 56789012345678901234567890123456789",
                "   ┆ 012345678901234567890123456789",
            ])
        let huge = SampleDiff.hunk("+" + String(repeating: "x", count: 100_000) + "\n")
        let rows = text(SampleDiff.file("a", huge), width: 40)
        #expect(rows.count == 2 + DiffPrinter.rowLimit + 1)
        #expect(rows.last?.contains("… 99720 more columns") == true)
    }

    @Test(arguments: [16, 20, 40, 72, 80, 120])
    func `no row is wider than the screen`(_ width: Int) {
        var random = SeededRandom(state: 3)
        for _ in 0..<200 {
            let lines = (0..<4).map { _ in
                DiffLine(kind: .added, bytes: random.line() + random.line() + [0x0A], oldNumber: nil, newNumber: 7)
            }
            let hunk = DiffHunk(
                oldStart: 1, oldCount: 0, newStart: 1, newCount: 4, heading: "some heading 字字字字字字字字字字字",
                lines: lines)
            let file = SampleDiff.file("a/long/path/to/some/file/that/has/字/in/it", hunk)
            for row in DiffPrinter(width: width).rows(of: file) { #expect(row.line.width <= width, "\(row.line.text)") }
        }
    }

    @Test func `rows know the line of the file they stand for`() {
        let rows = DiffPrinter(width: 80).rows(of: SampleDiff.file("a", change))
        #expect(rows.map { $0.place?.newLine } == [11, 11, 10, 11, 11, 12])
    }

    @Test func `pieces can show their numbers`() throws {
        var printer = DiffPrinter(width: 80)
        printer.showsNumbers = true
        let files = [SampleDiff.file("a", kind: .added, SampleDiff.hunk("+x\n")), SampleDiff.file("b", change, change)]
        let tree = try #require(SampleDiff.tree(files))
        let numbered = printer.rows(of: tree).map(\.line.text).filter { $0.hasPrefix("[") }
        #expect(numbered == ["[1] A a  +1", "[2] @@ -9,3 +10,3 @@ class A:", "[3] @@ -9,3 +10,3 @@ class A:"])
    }

    @Test func `a file of very many lines is cut and counted`() {
        var printer = DiffPrinter(width: 80)
        printer.fileLimit = 10
        let lines = (0..<100).map { "+\($0)\n" }.joined()
        let rows = printer.rows(of: SampleDiff.file("a", SampleDiff.hunk(lines)))
        #expect(rows.count == 13)
        #expect(rows.last?.line.text == "  … 90 more lines")
    }

    @Test func `colours are escape sequences, and none are written without`() {
        let line = DiffPrinter(width: 80).rows(of: SampleDiff.file("a", change))[4].line
        #expect(
            line.escaped(hasColor: true)
                == "\u{1B}[2m   11 \u{1B}[0m\u{1B}[32m+\u{1B}[0m \u{1B}[32m    return x + \u{1B}[0m\u{1B}[32;7m2\u{1B}[0m"
        )
        #expect(line.escaped(hasColor: false) == line.text)
    }

    @Test(arguments: [
        ("one two three", 8, ["one two", "three"]), ("one two", 7, ["one two"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("  indented words", 6, ["  inde", "nted", "words"]), ("字字字", 5, ["字字", "字"]), ("", 10, [""]),
    ])
    func `text is filled between words`(_ text: String, _ width: Int, _ expected: [String]) {
        #expect(StyledLine(text).filled(to: width).map(\.text) == expected)
    }
}
