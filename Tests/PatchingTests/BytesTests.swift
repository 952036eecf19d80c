import Patching
import Testing

@Suite struct `Bytes of a file` {
    @Test(arguments: [
        DiffCase("CRLF", "a\r\nb\r\n", "@@\n-a\n+A\n+A2\n b\n", "A\r\nA2\r\nb\r\n"),
        DiffCase("CRLF in the diff", "a\nb\n", "@@\r\n-a\r\n+A\r\n b\r\n", "A\nb\n"),
        DiffCase("CRLF in both", "a\r\nb\r\n", "@@\r\n-a\r\n+A\r\n", "A\r\nb\r\n"),
        DiffCase("CRLF in some lines of the diff", "a\r\nb\r\n", "@@\n-a\r\n+A\n", "A\nb\r\n"),
        DiffCase("endings the file does not have", "a\nb\n", "@@\n-a\r\n+A\n", refused: .notFound),
        DiffCase("CRLF to LF", "a\r\nb\r\n", "@@\n-a\r\n-b\r\n+a\n+b\n", "a\nb\n"),
        DiffCase("LF to CRLF, a line and its neighbour", "a\nb\n", "@@\n-a\n+a\r\n b\n", "a\r\nb\n"),
        DiffCase("LF to CRLF without saying it", "a\r\nb\r\n", "@@\n-a\n-b\n+a\n+b\n", refused: .noEffect),
        DiffCase("a CRLF line among others", "a\nb\n", "@@\n a\n+x\r\n b\n", "a\nx\r\nb\n"),
        DiffCase("a return of its own at the end", "a\r", "@@\n-a\r\n\\ No newline at end of file\n+b\n", "b\n"),
        DiffCase("CRLF meant by the hunk", "a\r\nb\n", "@@\n a\r\n+x\r\n", "a\r\nx\r\nb\n"),
        DiffCase("mixed, replaced", "a\r\nb\nc\r\n", "@@\n-b\n-c\n+B\n+C\n+D\n", "a\r\nB\nC\r\nD\r\n"),
        DiffCase("mixed, behind a line", "a\r\nb\n", "@@\n a\n+x\n b\n", "a\r\nx\r\nb\n"),
        DiffCase("mixed, in front", "a\r\nb\n", "@@\n+x\n a\n", "x\r\na\r\nb\n"),
        DiffCase("mixed, kept", "a\r\nb\nc\r\nd\n", "@@\n a\n b\n-c\n d\n", "a\r\nb\nd\n"),
        DiffCase("mixed, told apart by the diff", "a\r\nb\na\n", "@@\n-a\r\n+x\n", "x\nb\na\n"),
        DiffCase("mixed, not told apart", "a\r\nb\na\n", "@@\n-a\n+x\n", refused: .ambiguous),
        DiffCase("carriage returns inside", "a\rb\nc\n", "@@\n a\rb\n-c\n+d\n", "a\rb\nd\n"),
        DiffCase("no final newline, elsewhere", "a\nb", "@@\n-a\n+A\n", "A\nb"),
        DiffCase("no final newline, replaced", "a\nb", "@@\n-b\n+B\n+C\n", "a\nB\nC"),
        DiffCase("no final newline, appended", "a\nb", "@@\n b\n+c\n", "a\nb\nc"),
        DiffCase("no final newline, CRLF", "a\r\nb", "@@\n b\n+c\n", "a\r\nb\r\nc"),
        DiffCase("no final newline, removed", "a\nb", "@@\n a\n-b\n", "a"),
        DiffCase("no final newline, one line", "a", "@@\n-a\n+b\n", "b"),
        DiffCase("no final newline, and an empty line asked for", "a\nb", "@@\n b\n+\n", "a\nb\n"),
        DiffCase("no final newline, all removed", "a", "@@\n-a\n", ""),
        DiffCase("a final newline asked for", "a\nb", "@@\n a\n-b\n\\ No newline at end of file\n+b\n", "a\nb\n"),
        DiffCase("a final newline asked away", "a\nb\n", "@@\n a\n-b\n+b\n\\ No newline at end of file\n", "a\nb"),
        DiffCase("a final newline that never was", "a\nb", "@@\n-a\n+A\n b\n\\ No newline at end of file\n", "A\nb"),
        DiffCase("byte-order mark", "\u{FEFF}a\nb\n", "@@\n-a\n+A\n", "\u{FEFF}A\nb\n"),
        DiffCase("byte-order mark in the diff too", "\u{FEFF}a\nb\n", "@@\n-\u{FEFF}a\n+\u{FEFF}A\n", "\u{FEFF}A\nb\n"),
        DiffCase("byte-order mark taken off", "\u{FEFF}a\nb\n", "@@\n-\u{FEFF}a\n+a\n", "a\nb\n"),
        DiffCase("byte-order mark, in front", "\u{FEFF}a\n", "@@\n+x\n a\n", "\u{FEFF}x\na\n"),
        DiffCase("byte-order mark, line 1 removed", "\u{FEFF}a\nb\n", "@@\n-a\n b\n", "\u{FEFF}b\n"),
        DiffCase("byte-order mark alone", "\u{FEFF}", "@@\n+x\n", "\u{FEFF}x\n"),
        DiffCase("byte-order mark put there", "a\n", "@@\n-a\n+\u{FEFF}a\n", "\u{FEFF}a\n"),
        DiffCase(
            "byte-order mark and anchor", "\u{FEFF}class A\n  b\n", "@@ class A\n-  b\n+  c\n", "\u{FEFF}class A\n  c\n"
        ),
        DiffCase("combining characters", "e\u{301}\nb\n", "@@\n e\u{301}\n-b\n+c\n", "e\u{301}\nc\n"),
    ])
    func `stay where the diff leaves them, and new lines go with their neighbours`(_ table: DiffCase) {
        for dialect in PatchDialect.allCases { table.check(dialect) }
    }

    private func patched(_ file: [UInt8], _ diff: String) throws(PatchError) -> [UInt8] {
        try PatchEngine.apply(diff: diff, to: file, path: "f", dialect: .native)
    }

    private func latin1(_ text: String) -> [UInt8] {
        text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    }

    @Test func `that are Latin-1 are found and written as Latin-1`() throws {
        let file = latin1("prix: 5£\ncafé\nthé\n")
        #expect(try patched(file, "@@\n café\n-thé\n+thé glacé\n") == latin1("prix: 5£\ncafé\nthé glacé\n"))
        #expect(try patched(file, "@@\n prix: 5£\n-café\n+bar\n") == latin1("prix: 5£\nbar\nthé\n"))
        #expect(try patched(file, "@@ café\n+noir\n") == latin1("prix: 5£\ncafé\nnoir\nthé\n"))
        #expect(try patched(file, "@@\n-  café\n+  crème\n") == latin1("prix: 5£\ncrème\nthé\n"))
    }

    @Test func `that are not UTF-8 are found by the mark a model sees for them`() throws {
        #expect(try patched(latin1("café\nx\n"), "@@\n caf\u{FFFD}\n-x\n+y\n") == latin1("café\ny\n"))
    }

    @Test(arguments: ["+a — b", "+caf\u{FFFD}", "+日本"])
    func `that are Latin-1 take no line it cannot hold`(_ line: String) {
        let error = #expect(throws: PatchError.self) { try patched(latin1("café\nx\n"), "@@\n-x\n\(line)\n") }
        #expect(error?.code == .encoding)
    }

    @Test func `that are UTF-8 but for one stay UTF-8`() throws {
        let file = Array("é\n".utf8) + [0xFF, 0x0A] + Array("x\n".utf8)
        #expect(try patched(file, "@@\n-x\n+ü\n") == Array("é\n".utf8) + [0xFF, 0x0A] + Array("ü\n".utf8))
        #expect(try patched(file, "@@\n é\n+ü\n") == Array("é\nü\n".utf8) + [0xFF, 0x0A] + Array("x\n".utf8))
    }

    @Test func `in very long lines count like any`() throws {
        let long = String(repeating: "word ", count: 200_000)
        #expect(try applied("@@\n-\(long)a\n+b\n", to: "x\n\(long)a\n\(long)b\n") == "x\nb\n\(long)b\n")
        let error = try #require(refusal("@@\n-\(long)c\n+b\n", of: "\(long)a\n"))
        #expect(error.message.utf8.count < 1_000)
    }
}
