import Glibc
import OS
import Terminal
import Testing

/// A terminal of some width, with what is drawn for it.
struct TestTerminal {
    let style: TerminalStyle

    init(columns: UInt16, environment: [String: String] = ["TERM": "xterm"]) throws {
        let device = try PseudoTerminal(columns: columns, rows: 24)
        // A style asks its terminal for the width, so that the terminal stays open.
        _ = dup(device.near.raw)
        style = TerminalStyle(descriptor: dup(device.far.raw), environment: environment)
    }
}

@Suite struct WordWrapTests {
    private func filled(_ text: String, _ columns: UInt16, indent: Int? = 0) throws -> [String] {
        let terminal = try TestTerminal(columns: columns, environment: ["TERM": "xterm", "NO_COLOR": "1"])
        return terminal.style.filled(text, indent: indent).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
    }

    @Test(arguments: [
        ("a b c", 16, ["a b c"]), ("in the Setext style allowed", 17, ["in the Setext", "style allowed"]),
        ("  keeps  its   spaces in a line", 17, ["  keeps  its", "spaces in a line"]),
        ("one\n\ntwo", 20, ["one", "", "two"]),
        ("word anextremelylongword end", 16, ["word", "anextremelylong", "word end"]),
        ("see /usr/share/doc/package/file", 20, ["see", "/usr/share/doc/", "package/file"]),
        ("日本語の文章も折り返す", 16, ["日本語の文章も", "折り返す"]),
        (
            "e\u{301}e\u{301} e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301} x",
            16,
            [
                "e\u{301}e\u{301} e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}",
                "x",
            ]
        ),
    ]) func `lines end between words`(_ text: String, _ columns: Int, _ lines: [String]) throws {
        #expect(try filled(text, UInt16(columns)) == lines)
    }

    @Test func `further lines hang below the first`() throws {
        #expect(
            try filled("name   one two three four", 17, indent: 7) == ["name   one two", "       three", "       four"])
        #expect(try filled("    a list of items", 17, indent: nil) == ["    a list of", "    items"])
    }

    @Test func `colours take no room and stay with their words`() throws {
        let style = try TestTerminal(columns: 17).style
        let text = style(.good, "a word") + " and " + style(.bad, "others here")
        #expect(style.filled(text) == "\u{1B}[32ma word\u{1B}[0m and\n\u{1B}[31mothers here\u{1B}[0m")
    }

    @Test func `nothing is wrapped where there is no terminal`() throws {
        let style = TerminalStyle(descriptor: try Pipe().writing.raw, environment: ["TERM": "xterm"])
        let text = String(repeating: "word ", count: 100)
        #expect(style.filled(text) == text)
        var stream = MarkdownStream(style: style)
        #expect(stream.add("# **a** `b`\n") + stream.end() == "# **a** `b`\n")
    }
}

@Suite struct MarkdownStreamTests {
    private static let text = """
        I looked at **answer.txt**, which says `wrong`: 2 ** 3 * 4 and **no end, `no end

        ## What I change
        - the **word that `counts`** in `answer.txt`, because the check greps for it
        12. an item of a list that has a number in front of it and goes on
        #no heading, ---- no list, 3.5 no item, *) no item
        ```python
        def f(a, b): return a ** b  # `code` keeps **all** of its marks and its width, too
        ```
        | a | b | a table keeps its form, however long its lines may be |
        ~~~
        - x
        ~~~
        日本語の文章も正しく折り返されなければならない **太字** です
        """

    private func shown(_ style: TerminalStyle, in pieces: [String]) -> String {
        var stream = MarkdownStream(style: style)
        return pieces.map { stream.add($0) }.joined() + stream.end()
    }

    @Test(arguments: [["TERM": "xterm"], ["TERM": "xterm", "NO_COLOR": "1"], ["TERM": "dumb"]], [20, 40, 100])
    func `text looks the same in whatever pieces it comes`(_ environment: [String: String], _ columns: Int) throws {
        let style = try TestTerminal(columns: UInt16(columns), environment: environment).style
        let whole = shown(style, in: [Self.text])
        for size in 1...13 {
            var (pieces, rest) = ([String](), Self.text[...])
            while !rest.isEmpty {
                pieces.append(String(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            #expect(shown(style, in: pieces) == whole)
        }
    }

    @Test func `marks become tones, and what is no mark stays`() throws {
        let style = try TestTerminal(columns: 200).style
        let lines = shown(style, in: [Self.text]).split(separator: "\n", omittingEmptySubsequences: false)
        func strong(_ text: String) -> String { style(.strong, text) }
        func code(_ text: String) -> String { style(.place, text) }
        #expect(
            lines[0]
                == "I looked at \(strong("answer.txt")), which says \(code("wrong")): 2 ** 3 * 4 and **no end, `no end")
        #expect(lines[2] == "\(strong("What")) \(strong("I")) \(strong("change"))")
        #expect(lines[5] == "#no heading, ---- no list, 3.5 no item, *) no item")
        #expect(lines[7] == "def f(a, b): return a ** b  # `code` keeps **all** of its marks and its width, too")
        #expect(lines[10].contains("~~~") && lines[11] == "- x")
    }

    @Test(arguments: [16, 40]) func `no word is lost, and no line of words is too long`(_ columns: Int) throws {
        let style = try TestTerminal(columns: UInt16(columns), environment: ["TERM": "xterm", "NO_COLOR": "1"]).style
        let text = shown(style, in: [Self.text])
        let plain = { (text: String) in text.filter { !$0.isWhitespace } }
        #expect(plain(text) == plain(Self.text))
        for line in text.split(separator: "\n") where !line.contains("|") && !line.contains("code") {
            #expect(StyledLine(String(line)).width < columns)
        }
        #expect(text.contains("\n12. an item"))
        #expect(text.contains("\n    "), "the item's further lines hang")
    }
}
