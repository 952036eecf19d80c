import TOML
import Testing

@Suite struct TableTests {
    @Test(
        arguments: [
            ("", "{}"), ("\n\r\n \t\n", "{}"), ("# only\n#\tthis é", "{}"), ("a=1", "{a=1}"), ("\u{FEFF}a=1", "{a=1}"),
            ("a = 1 # one\r\nb = 2", "{a=1,b=2}"), ("1-_A = 1", "{1-_A=1}"), ("'' = 1", "{=1}"),
            ("\"a.b\".'c d' . e = 1", "{a.b={c d={e=1}}}"), ("3.14 = 1", "{3={14=1}}"), ("true = 1", "{true=1}"),
            ("[a]", "{a={}}"), ("[ a . \"b\" ] # c\nd = 1", "{a={b={d=1}}}"),
            ("[a]\nb=1\n[c]\nb=2", "{a={b=1},c={b=2}}"),
            // What is on the way to a table may be defined behind it, once.
            ("[a.b]\nc=1\n[a]\nd=2", "{a={b={c=1},d=2}}"), ("[a.b.c]\n[a]\nb.d=1", "{a={b={c={},d=1}}}"),
            ("a.b=1\na.c=2", "{a={b=1,c=2}}"), ("a.b.c=1\na.d=2\n[a.e]\nf=3", "{a={b={c=1},d=2,e={f=3}}}"),
            ("[a]\nb.c=1\n[a.b.d]\ne=2", "{a={b={c=1,d={e=2}}}}"), ("[a]\nb.c=1\nb.d=2", "{a={b={c=1,d=2}}}"),
            ("[[a]]\n[[a]]\nb=1", "{a=[{},{b=1}]}"),
            ("[[a]]\nb=1\n[a.c]\nd=2\n[[a]]\n[a.c]", "{a=[{b=1,c={d=2}},{c={}}]}"),
            ("[[a.b]]\n[[a.b.c]]\nd=1\n[[a.b.c]]", "{a={b=[{c=[{d=1},{}]}]}}"),
            ("[[a]]\nb.c=1\n[[a]]\nb.c=2", "{a=[{b={c=1}},{b={c=2}}]}"),
            ("[[a.b]]\n[a]\nc=1", "{a={b=[{}],c=1}}"), ("\"\u{E9}\"=1\n\"e\u{301}\"=2", "{\u{E9}=1,e\u{301}=2}"),
        ])
    func `tables as they may be written`(_ text: String, _ outline: String) throws {
        #expect(try Array(TOMLTable(parsing: text).outline.utf8) == Array(outline.utf8))
    }

    @Test(
        arguments: [
            ("a=1\na=2", "line 2, column 1: a is defined already"), ("a=1\n\"a\"=2", "line 2, column 1: a is"),
            ("a=1\na.b=2", "line 2, column 1: a is"), ("a.b=1\na=2", "line 2, column 1: a is"),
            ("a=1\n[a]", "line 2, column 1: a is"), ("a=1\n[a.b]", "line 2, column 1: a is"),
            ("a=1\n[[a]]", "line 2, column 1: a is"),
            ("[a]\n[a]", "line 2, column 1: a is"), ("[a]\nb=1\n[a.b]", "line 3, column 1: a.b is"),
            ("[a.b]\n[a]\n[a]", "line 3, column 1: a is"), ("[a]\n[[a]]", "line 2, column 1: a is"),
            ("[a.b]\n[[a]]", "line 2, column 1: a is"), ("[[a]]\n[a]", "line 2, column 1: a is"),
            ("a=[]\n[[a]]", "line 2, column 1: a is"), ("a=[{}]\n[a.b]", "line 2, column 1: a is"),
            ("a={}\n[a]", "line 2, column 1: a is"), ("a={}\n[a.b]", "line 2, column 1: a is"),
            ("a={b=1}\na.c=2", "line 2, column 1: a is"),
            ("a={b={}}\n[a.b.c]", "line 2, column 1: a is"), ("x={a=1,a=2}", "line 1, column 8: a is"),
            ("x={a={},a.b=1}", "line 1, column 9: a is"), ("x={a.b=1,a=2}", "line 1, column 10: a is"),
            // A key with dots defines its tables for good.
            ("a.b=1\n[a]", "line 2, column 1: a is"), ("[a]\nb.c=1\n[a.b]", "line 3, column 1: a.b is"),
            ("[a.b]\n[a]\nb.c=1", "line 3, column 1: b is"), ("[a.b.c]\nz=1\n[a]\nb.c.d=1", "line 4, column 1: b.c is"),
            ("[[a.b]]\n[a]\nb.c=1", "line 3, column 1: b is"), ("a.b=1\n[[a.b]]", "line 2, column 1: a.b is"),
            ("[a]\nb.c=1\n[[a.b]]", "line 3, column 1: a.b is"),
            ("\"a\u{1B}[1m\".b=1\n\"a\u{1B}\"=1", "line 1, column 3: expected a character of a string"),
            (#""a\u001B b" = 1"# + "\n" + #""a\u001B b" = 1"#, "line 2, column 1: \"a\\u{1B} b\" is defined already"),
        ])
    func `nothing is defined twice`(_ text: String, _ message: String) {
        let error = #expect(throws: TOMLError.self) { try TOMLTable(parsing: text) }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
    }

    @Test func `a table knows the order and the lines of its keys`() throws {
        let table = try TOMLTable(parsing: "z = 1\n\na = '''\n\n'''\n[t.u]\nk = 1\n[[l]]\n[[l]]\n[t]\nm = { n = 1 }\n")
        #expect(table.entries.map(\.key) == ["z", "a", "t", "l"])
        #expect(table.entries.map(\.line) == [1, 3, 6, 8])
        #expect(table["t"]?.table?.line == 10)
        #expect(table["l"]?.array?.compactMap(\.table?.line) == [8, 9])
        #expect(table["t"]?.table?.entries.map(\.line) == [6, 11])
        #expect(table["missing"] == nil)
    }

    @Test func `tables are equal whatever their order`() throws {
        #expect(try TOMLTable(parsing: "a=1\nb.c=2") != TOMLTable(parsing: "a=1\nb.c=3"))
        #expect(try TOMLTable(parsing: "b={c=2}\na=1") == TOMLTable(parsing: "a=1\nb.c=2"))
    }
}
