import TOML
import Testing

/// Texts that were made to harm: each is read or refused, and none traps.
@Suite struct HostileTests {
    /// Something of everything.
    static let document = Array(
        #"""
        # A document\#r
        title = "a \"b\" \u00e9\U0001F600"
        'lit.eral' = 'C:\x'
        text = """
        one \
           two ""
        three"""""
        raw = '''
        a''b'''
        numbers = [1, -2_0, 0xFf, 0o17, 0b10, 3.5e-1, inf, -nan, # comment
          1979-05-27T07:32:00.5-08:00, 1979-05-27 07:32:00, 1979-05-27, 07:32:00,
        ]
        a.b.c = true
        a.d = { e = {}, f.g = [[], [{ h = false }]] }
        [table."é".x]
        k = 0
        [table]
        l = 1
        [[list]]
        m.n = 1
        [list.sub]
        [[list]]
        [[list.deep]]
        o = ''

        """#.utf8)

    @Test func `the document itself is read`() throws {
        let table = try TOMLTable(parsing: Self.document)
        #expect(
            table.entries.map(\.key) == ["title", "lit.eral", "text", "raw", "numbers", "a", "table", "list"])
        #expect(table["text"]?.string == "one two \"\"\nthree\"\"")
    }

    @Test func `what is written as text is read again the same`() throws {
        let table = try TOMLTable(parsing: Self.document)
        let again = try TOMLTable(parsing: table.description)
        #expect(again.description == table.description)
        #expect(again["a"] == table["a"] && again["table"] == table["table"] && again["title"] == table["title"])
        #expect(TOMLValue.string("a\"\\\u{1}\u{7F}\té").description == #""a\"\\\u0001\u007f\u0009é""#)
        #expect(TOMLValue.string("\u{9B}\u{202E}👩‍💻\u{E0041}").description == #""\u009b\u202e👩‍💻\U000e0041""#)
    }

    @Test func `each beginning is read or refused`() {
        for length in Self.document.indices { Self.read(Array(Self.document[..<length])) }
    }

    @Test func `each change of a byte is read or refused`() {
        let bytes =
            [0, 9, 10, 13, 0x1F, 0x7F, 0x80, 0xC3, 0xE2, 0xED, 0xF4, 0xFF]
            + Array(" \"'#.,=[]{}\\_-+:0189aeEfinotuxTZ".utf8)
        for index in Self.document.indices {
            var changed = Self.document
            for byte in bytes {
                changed[index] = byte
                Self.read(changed)
            }
            changed.remove(at: index)
            Self.read(changed)
        }
    }

    /// What is refused has a place in the text.
    private static func read(_ bytes: [UInt8]) {
        do { _ = try TOMLTable(parsing: bytes) } catch {
            let lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
            let (line, column) = (error.line ?? 0, error.column ?? 0)
            #expect(lines.indices.contains(line - 1) && column >= 1)
            guard lines.indices.contains(line - 1) else { return }
            #expect(column <= lines[line - 1].count + 1)
        }
    }

    @Test(arguments: [
        ("a=", "[", "]", ""), ("", "a.", "", "a=1"), ("[", "a.", "", "a]"), ("[[", "a.", "", "a]]"),
        ("a=", "{a=", "}", "1"), ("a=", "[{a=", "}]", "1"),
    ]) func `what is nested is read up to a depth`(
        _ start: String, _ open: String, _ close: String, _ inner: String
    ) throws {
        func text(_ depth: Int) -> String {
            start + String(repeating: open, count: depth) + inner + String(repeating: close, count: depth)
        }
        _ = try TOMLTable(parsing: text(60))
        for depth in [129, 1000, 100_000] {
            let error = #expect(throws: TOMLError.self) { try TOMLTable(parsing: text(depth)) }
            #expect(error?.message == "nested more than 128 deep")
        }
    }

    @Test func `the depth of a header and of what is below it add up`() {
        let header = "[" + Array(repeating: "a", count: 100).joined(separator: ".") + "]\n"
        #expect(throws: Never.self) {
            try TOMLTable(
                parsing: header + "x = " + String(repeating: "[", count: 20) + String(repeating: "]", count: 20))
        }
        #expect(throws: TOMLError.self) {
            try TOMLTable(
                parsing: header + "x = " + String(repeating: "[", count: 30) + String(repeating: "]", count: 30))
        }
    }

    /// With quadratic time in any of these the tests would take minutes.
    @Test(arguments: [
        ("a = [", "1,", "]"), ("", "[[a]]\n", ""), ("", "[[a]]\nb.c=1\n", ""), ("a = \"\"\"", "\\\n", "\"\"\""),
        ("a = '", "b", "'"),
        ("", "\n", ""), ("", "#\n", ""), ("a = [", "#\n", "]"), ("a = [", "{},", "]"), ("a = 1", "0", ""),
        ("a = 0.", "1", ""), ("", "a", " = 1"),
        ("a = \"\"\"", "\"\"a", "\"\"\""),
    ]) func `a long text takes no more than its share of time`(_ start: String, _ part: String, _ end: String) {
        // A number of that length is refused, the others are read.
        _ = try? TOMLTable(parsing: start + String(repeating: part, count: 100_000) + end)
    }

    @Test func `many keys of one table take no more than their share of time`() throws {
        let text = (0..<100_000).map { "k\($0).x = {y = \($0)}\n" }.joined()
        let table = try TOMLTable(parsing: text)
        #expect(table.entries.count == 100_000)
        #expect(table["k99999"]?.table?["x"]?.table?["y"] == .integer(99_999))
    }
}
