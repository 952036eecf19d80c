import Testing

@testable import Agent

/// What the head of a skill's file says.
@Suite struct `The head of a skill` {
    private func head(_ lines: String) throws(SkillHead.Trouble) -> SkillHead {
        try SkillHead("---\nname: a\n\(lines)\n---\nBody: text\n", folder: "a")
    }

    private static let descriptions: [(String, String)] = [
        ("plain words", "plain words"), ("plain # a comment", "plain"), ("a#b", "a#b"),
        ("http://x.y/z", "http://x.y/z"),
        ("one\n  two\n\n  three", "one two three"), ("\n  below", "below"), ("\n    more\n  less", "more less"),
        ("|\n  one\n    two\n\n  three\n", "one two three"),
        (">-\n  one\n  two: three # no comment", "one two: three # no comment"),
        (">2-\n   one", "one"), ("'it''s: so'", "it's: so"), ("\"a\\tb \\u00e9\\x41\\\"\"", "a b éA\""),
        ("\"over\n  two lines\"", "over two lines"), ("\"joined \\\n  here\" # why", "joined here"), ("- no list", ""),
        ("-1 is a number", "-1 is a number"), ("5 * 3 & 2", "5 * 3 & 2"), ("a, b [c] {d}", "a, b [c] {d}"),
    ]

    @Test(arguments: descriptions) func `has texts in all the forms that YAML has for them`(
        _ written: String, _ read: String
    ) throws {
        guard !read.isEmpty else {
            #expect(throws: SkillHead.Trouble.self) { try head("description: \(written)") }
            return
        }
        #expect(try head("description: \(written)").description == read)
    }

    @Test func `has nested values, which nobody reads`() throws {
        let lines = """
            description: x
            metadata:
              author: me
              deep:
                deeper:
                  - a
                  - b: c
                    d: e
            allowed-tools:
            - Read
            - "Bash(git:*)"
            """
        #expect(try head(lines).problems == [])
    }

    private static let wrong: [(String, String)] = [
        ("description: a: b", "line 3 of its head has a colon"), ("description: |x\n  y", "more than | or >"),
        ("description: x\n  - y: z", "colon"), ("description: x\n y:\n", "colon"), ("description: \"x", "does not end"),
        ("description: 'x' y", "behind the closing quote"), ("description: \"\\q\"", "backslash"),
        ("description: *x", "begins a value with *"), ("description: @x", "begins a value with @"),
        ("description: x\ndescription: y", "a second time"), ("description: x\n\tb: c", "tab"),
        ("description: x\nno key", "is no \"key: value\""), ("description: x\nmetadata:\n    a: b\n  c: d", "indented"),
        ("description: |\n    one\n  two", "indented less"), ("description: x\u{1}", "control character"),
        ("description: [a]", "is no text"), ("description:\n  a: b", "is no text"), ("description: ''", "empty"),
        ("description: x\nmetadata: {a: b", "bracket"), ("license: x", "no description"),
    ]

    @Test(arguments: wrong) func `that cannot be read says where and why`(_ lines: String, _ words: String) {
        do throws(SkillHead.Trouble) {
            let head = try head(lines)
            Issue.record("\(head)")
        } catch { #expect(error.words.contains(words), "\(error.words)") }
    }

    @Test(arguments: [
        ("description: x\nversion: 1", "does not know: version"),
        ("description: x\nallowed-tools: [a,\n  b]", "in brackets"),
        ("description: \(String(repeating: "x", count: 1025))", "1025 characters"),
        ("description: x\ncompatibility: \(String(repeating: "x", count: 501))", "more than 500"),
    ])
    func `that is not quite as the format says can be used`(_ lines: String, _ words: String) throws {
        let problems = try head(lines).problems
        #expect(problems.count == 1 && problems[0].contains(words))
        #expect(try head(lines).description.count <= 1024)
    }

    @Test func `without a name has that of its folder, and with another one both are told`() throws {
        #expect(try SkillHead("---\ndescription: x\n---", folder: "b").name == "b")
        let other = try SkillHead("---\r\nname: a\r\ndescription: x\r\n---", folder: "b")
        #expect(other.name == "a" && other.problems == ["is named \"a\" in a folder named \"b\""])
        for name in ["A", "a--b", "-a", "a_b", "a b", String(repeating: "a", count: 65)] {
            #expect(throws: SkillHead.Trouble.self) {
                try SkillHead("---\nname: \(name)\ndescription: x\n---", folder: "b")
            }
        }
    }

    @Test func `nested for ever or cut anywhere traps nobody`() {
        var deep = "---\ndescription: x\nmetadata:\n"
        for depth in 1..<200 { deep += String(repeating: " ", count: depth) + "a:\n" }
        #expect(throws: SkillHead.Trouble.self) { try SkillHead(deep + "---", folder: "a") }
        let text =
            "---\nname: \"a\\u0041\"\ndescription: >-\n  x\n  y\nmetadata:\n  - a: 'b'\n    c: [d, {e: f}]\n---\n"
        for end in text.indices { _ = try? SkillHead(text[..<end] + "\n---\n", folder: "a") }
        for place in text.indices {
            for character in "\"'|>-:#[]{}&*\t\\\n " {
                var changed = text
                changed.replaceSubrange(place...place, with: String(character))
                _ = try? SkillHead(changed, folder: "a")
            }
        }
    }

    @Test(
        arguments: [
            (nil, true), ("", true), ("policy:\n  allow_implicit_invocation: false\n", false),
            (
                "interface:\n  display_name: \"x\"\npolicy:\n  products: []\n  allow_implicit_invocation: False # no\n",
                false
            ),
            ("policy:\n  allow_implicit_invocation: true\n", true), ("policy: x: y", true),
        ] as [(String?, Bool)])
    func `is not all: a file beside it says whether the skill is offered`(_ settings: String?, _ isOffered: Bool) {
        #expect(SkillHead.isOffered(settings) == isOffered)
    }
}
