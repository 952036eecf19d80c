import Patching
import Testing

@Suite struct `An envelope` {
    private static let update = FileOperation.update(path: "f", diff: "@@\n-a\n+b\n", moveTo: nil)
    private static let body = "*** Update File: f\n@@\n-a\n+b\n"

    @Test(arguments: [
        "*** Begin Patch\n\(body)*** End Patch", "*** Begin Patch\n\(body)*** End Patch\n\n",
        "\n\n*** Begin Patch\n\(body)*** End Patch", "  *** Begin Patch  \n\(body) *** End Patch ",
        "*** Begin Patch ***\n\(body)*** End Patch ***",
        "*** Begin Patch\n*** Environment ID: local\n\(body)*** End Patch",
        "<<EOF\n*** Begin Patch\n\(body)*** End Patch\nEOF", "<<'EOF'\n*** Begin Patch\n\(body)*** End Patch\nEOF\n",
        "<<\"PATCH\"\n*** Begin Patch\n\(body)*** End Patch\nPATCH\n", "*** Begin Patch\n\n  \(body)*** End Patch",
        "*** Begin Patch\n*** Update File:f  \n@@\n-a\n+b\n*** End Patch",
    ])
    func `may be wrapped`(_ text: String) throws {
        #expect(try PatchEnvelope.parse(text) == [Self.update])
    }

    @Test(arguments: [
        ("", 1), ("hello", 1), (body + "*** End Patch", 1), ("*** Begin Patch\n" + body, 5),
        ("*** begin patch\n" + body + "*** end patch", 1), ("*** Begin Patch\n" + body + "*** End Patch\nthanks", 7),
        ("sure:\n*** Begin Patch\n" + body + "*** End Patch", 1),
        ("<<'EOF\"\n*** Begin Patch\n" + body + "*** End Patch\nEOF", 1),
        ("<<EOF\n*** Begin Patch\n" + body + "*** End Patch\nEOT", 1),
        ("*** Begin Patch\n*** Add File: e\nhello\n*** End Patch", 3),
        ("*** Begin Patch\n*** Add File: e\n+a\n\n+b\n*** End Patch", 4),
        ("*** Begin Patch\n*** Delete File: e\n-a\n*** End Patch", 3),
        ("*** Begin Patch\n*** Update File: f\n@@\n-a\n+b\nzzz\n*** End Patch", 6),
        ("*** Begin Patch\n*** Update File: f\n@@\n-a\n+b\n*** Rename File: f\n*** End Patch", 6),
        ("*** Begin Patch\n*** Delete File: a\n*** Update File: f\n\n@@\n@@ x\n*** End Patch", 5),
        ("*** Begin Patch\n*** Update File: f\n*** End Patch", 2),
        ("*** Begin Patch\n*** Update File: f\n@@\n-a\n*** End of File\n+b\n*** End Patch", 6),
    ])
    func `is refused with the line that is wrong`(_ text: String, _ line: Int) throws {
        let error = try #require(throws: PatchError.self) { try PatchEnvelope.parse(text) }
        #expect(error.patchLine == (text.isEmpty ? nil : line), "\(error)")
    }

    @Test func `without operations is empty`() throws {
        let error = try #require(throws: PatchError.self) { try PatchEnvelope.parse("*** Begin Patch\n*** End Patch") }
        #expect(error.code == .emptyPatch)
    }

    @Test(arguments: ["\n", "\r\n"]) func `holds operations of every kind`(_ newline: String) throws {
        let text = [
            "*** Begin Patch", "*** Add File: d/n", "+x", "+", "", "*** Delete File: g", "*** Update File: a b ",
            "*** Move to: c d", "@@ f", " x", "", "-y", "*** End of File", "", "@@", "+*** End Patch",
            "*** Update File: h",
            "*** Move to: i", "*** Add File: empty", "*** End Patch",
        ].joined(separator: newline)
        let operations = try PatchEnvelope.parse(text)
        func lines(_ lines: String...) -> String { lines.map { $0 + newline }.joined() }
        #expect(
            operations == [
                .create(path: "d/n", diff: lines("+x", "+")), .delete(path: "g"),
                .update(
                    path: "a b", diff: lines("@@ f", " x", "", "-y", "*** End of File", "", "@@", "+*** End Patch"),
                    moveTo: "c d"), .update(path: "h", diff: "", moveTo: "i"), .create(path: "empty", diff: ""),
            ])
        #expect(operations.map(\.path) == ["d/n", "g", "a b", "h", "empty"])
    }
}

@Suite struct `A native diff` {
    @Test(arguments: [
        "*** Begin Patch\n*** Update File: f\n@@\n-a\n+b\n*** End Patch\n", "*** Update File: f\n@@\n-a\n+b\n",
        "@@\n-a\n+b\n*** End Patch", "\n@@\n-a\n+b\n\n",
    ])
    func `may stand in markers`(_ diff: String) throws {
        #expect(try applied(diff, to: "a\n") == "b\n")
    }

    @Test(arguments: [
        ("*** Update File: g\n@@\n-a\n+b\n", PatchError.Code.badFormat, 1),
        ("@@\n-a\n+b\n*** Update File: g\n@@\n-a\n+b\n", .badFormat, 4),
        ("@@\n-a\n+b\n*** End Patch\n@@\n-a\n+c\n", .badFormat, 5), ("@@\nfoo\n", .badFormat, 2),
        ("foo\n", .badFormat, 1),
        ("@@\n-a\n+b\n***\n", .badFormat, 4), ("@@\n@@ x\n", .emptyHunk, 1), ("@@\n-a\n+b\n@@\n", .emptyHunk, 4),
        ("@@\n*** End of File\n", .emptyHunk, 1),
    ])
    func `is refused with the line that is wrong`(_ diff: String, _ code: PatchError.Code, _ line: Int) throws {
        let error = try #require(refusal(diff, of: "a\n"))
        #expect(error.code == code, "\(error)")
        #expect(error.patchLine == line)
        #expect(error.message.contains("f:"))
    }
}
