import TOML
import Testing

@Suite struct FieldTests {
    private enum Colour: String, CaseIterable { case red, green, blue }
    private enum Limit: String, CaseIterable { case processes, cc, model, maxTurns = "max_turns" }

    private func field(_ text: String) throws -> TOMLField {
        try #require(try TOMLSection(parsing: Array(text.utf8), name: "f").fields.first)
    }

    private func unknown(_ field: TOMLField, tables: [(name: String, keys: [String])] = []) -> String {
        do { return "\(try field.key(tables: tables) as Limit)" } catch { return error.description }
    }

    @Test func `a known key is that key`() throws {
        #expect(try field("max_turns = 1").key() == Limit.maxTurns)
        #expect(try field("blue = 1").key() == Colour.blue)
    }

    @Test func `a field gives what is expected of it`() throws {
        #expect(try field("a = 'x'").string() == "x")
        #expect(try field("a = true").flag())
        #expect(try field("a = 7").count() == 7)
        #expect(try field("a = 'blue'").choice() == Colour.blue)
        #expect(try field("a = '12'").text("a number") { Int($0) } == 12)
        #expect(try field("a = ['1', '2']").list("numbers") { Int($0) } == [1, 2])
        #expect(try field("a = []").list("numbers") { Int($0) } == [])
        #expect(try field("[a]\nb = 1").section().fields.map(\.key) == ["b"])
        #expect(try field("[[a]]\nb = 1\n[[a]]\nb = 2").sections().compactMap { $0.table["b"]?.integer } == [1, 2])
    }

    @Test func `what is expected and not there is told with file, key and line`() {
        let cases: [(String, (TOMLField) throws -> Void, String)] = [
            ("a = 1", { _ = try $0.string() }, "f: a must be a string (line 1)"),
            ("\n'b c' = 1", { _ = try $0.flag() }, "f: \"b c\" must be true or false (line 2)"),
            ("a = 0", { _ = try $0.count() }, "f: a must be a positive whole number (line 1)"),
            ("a = 1.0", { _ = try $0.count() }, "f: a must be a positive whole number (line 1)"),
            ("a = 'x'", { _ = try $0.choice() as Colour }, "f: a must be \"red\", \"green\" or \"blue\" (line 1)"),
            ("a = 'x'", { _ = try $0.text("a number") { Int($0) } }, "f: a must be a number (line 1)"),
            ("a = 1", { _ = try $0.list("numbers") { Int($0) } }, "f: a must be a list of numbers (line 1)"),
            ("a = ['1', 2]", { _ = try $0.list("numbers") { Int($0) } }, "f: a must be a list of numbers (line 1)"),
            ("a = 1", { _ = try $0.section() }, "f: a must be a table (line 1)"),
            ("[a]", { _ = try $0.sections() }, "f: a must be written as [[a]] (line 1)"),
            ("a = [1]", { _ = try $0.sections() }, "f: a must be written as [[a]] (line 1)"),
            ("a = 1", { _ = try $0.key() as Limit }, "f: unknown key a (line 1)"),
            (
                "\n[a]\n[a.b]\nc = 1",
                { try $0.section().fields.forEach { try $0.section().fields.forEach { _ = try $0.key() as Colour } } },
                "f: unknown key a.b.c (line 4)"
            ),
            ("[[a]]\n[[a]]", { throw try $0.sections()[1].error("is empty") }, "f: a is empty (line 2)"),
        ]
        for (text, read, message) in cases {
            let error = #expect(throws: TOMLError.self) { try read(field(text)) }
            #expect(error?.description == message)
        }
    }

    @Test func `an unknown key is told with the one that is most likely meant`() throws {
        let tables = [(name: "sandbox", keys: ["network", "hosts"])]
        let cases = [
            ("modle = 1", "; did you mean model?"), ("max-turns = 1", "; did you mean max_turns?"),
            ("maxTurns = 1", "; did you mean max_turns?"), ("network = 1", "; did you mean sandbox.network?"),
            ("colour = 1", ""), ("max_time = 1", ""), ("'' = 1", ""),
        ]
        for (text, hint) in cases {
            let field = try field(text)
            let message = unknown(field, tables: tables)
            #expect(message.hasSuffix("\(hint) (line 1)") && message.contains("did you") == !hint.isEmpty, "\(message)")
        }
        let nested = try #require(try field("[a.b]\nc = 1").section().fields.first?.section().fields.first)
        #expect(unknown(nested) == "f: unknown key a.b.c (line 2)")
        let limits = try #require(try field("[limits]\nproceses = 1").section().fields.first)
        #expect(unknown(limits) == "f: unknown key limits.proceses; did you mean limits.processes? (line 2)")
    }

    @Test func `a broken file is told with its name and place`() {
        let error = #expect(throws: TOMLError.self) { try TOMLSection(parsing: Array("a = 1\nb".utf8), name: "f") }
        #expect(
            error?.description
                == "f is not TOML: line 2, column 2: expected = behind the key, found the end of the text")
        #expect(throws: Never.self) { try TOMLSection(parsing: [], name: "f") }
    }

    @Test func `a name from a file cannot write to a terminal`() throws {
        let hostile = try field(#""a\u001b[31m\u202e\n" = 1"#)
        #expect(unknown(hostile) == "f: unknown key \"a\\u{1B}[31m\\u{202E}\\n\" (line 1)")
        let long = try field(String(repeating: "k", count: 1000) + " = 1")
        #expect(unknown(long).count < 100)
    }
}
