import Repository
import TestSupport
import Testing
import Text

@testable import Review

@Suite struct `Code on the page` {
    /// A letter for each character: w word, s string, c comment, n number, a dot for the rest.
    private func tones(_ name: String, _ lines: String...) throws -> [String] {
        var painter = SyntaxPainter(try #require(SyntaxLanguage.of(BytePath(name))))
        return lines.map { line in
            painter.tones(of: Array(line)).map {
                [.plain: ".", .word: "w", .string: "s", .comment: "c", .number: "n"][$0] ?? "?"
            }
            .joined()
        }
    }

    @Test func `has the colours of its language`() throws {
        #expect(try tones("a.py", "if x: y # z") == ["ww......cc" + "c"])
        #expect(try tones("a.py", "s = 'a#b' + 12.5") == ["....sssss...nnnn"])
        #expect(try tones("x/a.swift", "let a = \"//\" // b") == ["www.....ssss.cccc"])
        #expect(
            try tones("a.c", "int a; /* b", "c */ int d;", "return 0;") == ["www....cccc", "cccc.www...", "wwwwww.n."])
        #expect(try tones("a.sh", "echo $# a#b 'x' # y") == ["............sss.ccc"])
        #expect(try tones("Makefile", "# all") == ["ccccc"])
        #expect(try tones("a.rs", "fn f<'a>(x: &'a str)") == ["ww.................."])
        #expect(try tones("a.js", "iffy if2 if") == ["........." + "ww"])
    }

    @Test func `of a kind that is not known has none`() {
        for name in ["a", "a.txt", "a.unknown", "py"] { #expect(SyntaxLanguage.of(BytePath(name)) == nil) }
    }

    @Test func `loses nothing by its colours`() throws {
        let hunk = SampleDiff.hunk(" /* a\n-if <b> & \"c\" ` 'd\n+while (e) { \"f\u{202E}\" }\n end */ return 1\n")
        for path in ["a.c", "a.py", "a.txt"] {
            var writer = HTMLWriter()
            writer.diff([hunk], lines: 10, .standard, language: .of(BytePath(path)))
            let page = String(decoding: writer.bytes, as: UTF8.self)
            #expect(page.contains("<i class=") == (path != "a.txt"))
            let text = page.replacing(#/<[^>]*>/#, with: "")
            #expect(text.contains("if &lt;b&gt; &amp; &quot;c&quot; ` &#39;d"))
            #expect(page.matches(of: #/<i /#).count == page.matches(of: #/<\/i>/#).count)
        }
    }

    @Test func `never traps`() throws {
        let pieces = ["'", "\"", "`", "/*", "*/", "//", "#", "--", "\\", " ", "if", "1.", "é", "宽", "\t", ";"]
        var random = SeededRandom(state: 3)
        for name in ["a.py", "a.c", "a.js", "a.sh", "a.sql", "a.css", "a.json", "a.lua"] {
            var painter = SyntaxPainter(try #require(SyntaxLanguage.of(BytePath(name))))
            for _ in 0..<500 {
                let line = (0..<8).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
                #expect(painter.tones(of: Array(line)).count == line.count)
            }
        }
    }
}
