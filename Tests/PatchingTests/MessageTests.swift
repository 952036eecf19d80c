import Patching
import Testing

@Suite struct `The message of a hunk without a place` {
    @Test func `shows the nearest place and what differs first`() throws {
        let file = "one\nfunc f() {\n\treturn 1\n}\nfunc g() {\n\treturn 2\n}\n"
        let error = try #require(refusal("@@\n func g() {\n-\treturn 3\n+\treturn 4\n }\n", of: file))
        #expect(error.code == .notFound)
        #expect(error.path == "f")
        #expect(error.fileLines == [5])
        #expect(
            error.message == """
                f: hunk 1 (line 1 of its diff) fits nowhere. The nearest place is line 5; line 6 differs:
                  file:  \\treturn 2
                  patch: \\treturn 3
                Send the lines as they are in the file.
                """)
    }

    @Test(arguments: [
        ("@@\n a\n-   b\n+c\n", "a\n b\n", "line 2 is indented differently"),
        ("@@\n-alpha beta gamma\n+x\n", "zz\nalpha beta gamna\n", "nearest place is line 2"),
        ("@@\n a\n b\n-c\n+d\n", "a\nb\n", "the file ends at line 2, where the patch goes on with 'c'"),
        ("@@\n-a\r\n+b\n", "x\na\n", "line 2 ends with LF in the file and with CRLF in the patch"),
        ("@@\n-a\n+a\n", "a\r\n", "to change line endings or a final newline, use a command"),
        ("@@\n-z\u{1B}[2J\u{9B}\u{202E}\n+x\n", "abc\n", #"like them: 'z\u{1B}[2J\u{9B}\u{202E}'"#),
        ("@@\n-zzz\n+x\n", "abc\n", "nor does anything like them: 'zzz'"),
        ("@@\n-a\n+x\n", "", "the file is empty"),
        ("@@\n-a\n+x\n@@\n-a\n+y\n", "a\nb\n", "fits at line 1, but the hunk before it reaches to line 1"),
        ("@@ -7,0 +8 @@\n+x\n", "a\n", "behind line 7, but the file has 1 lines"),
        ("@@ -7 +8 @@\n+x\n", "a\n", "Add the lines around it as context"),
    ])
    func `says what is the matter`(_ diff: String, _ file: String, _ expected: String) throws {
        let error = try #require(refusal(diff, of: file))
        #expect(error.message.contains(expected), "\(error)")
    }

    @Test func `names the line most like a missing anchor`() throws {
        let error = try #require(
            refusal("@@ func lod(_ x: Int) {\n-a\n+b\n", of: "z\nfunc load(_ x: Int) {\na\n", .envelope))
        #expect(error.code == .anchorNotFound)
        #expect(error.fileLines == [2])
        #expect(error.message.contains("Line 2 is most like it: 'func load(_ x: Int) {'"))
    }

    @Test func `names the file the operation is about`() throws {
        let error = try #require(throws: PatchError.self) {
            try PatchEngine.changes(
                [.update(path: "./src/a.c", diff: "@@\n-x\n+y\n", moveTo: nil)], dialect: .native,
                to: Files(["src/a.c": "z\n"]))
        }
        #expect(error.path == "src/a.c")
        #expect(error.description.hasPrefix("src/a.c: hunk 1"))
    }
}
