import Testing

@testable import Publishing

@Suite struct MarkdownTextTests {
    @Test(arguments: [
        ("plain words, 3.5 of them", "plain words, 3.5 of them"),
        ("<img src=x onerror=y>", "&lt;img src=x onerror=y&gt;"),
        ("![a](b)", "\\!\\[a\\](b)"),
        ("[a](javascript:b)", "\\[a\\](javascript:b)"),
        ("@team please", "@&#8203;team please"),
        ("fixes #1", "fixes \\#&#8203;1"),
        ("see GH-12 and ABC-3", "see GH-&#8203;12 and ABC-&#8203;3"), ("gpt-5, 2026-11-01", "gpt-5, 2026-11-01"),
        ("owner/name#7", "owner/name\\#&#8203;7"),
        ("https://evil.example/x", "https:&#8203;//evil.example/x"),
        ("www.evil.example", "www&#8203;.evil.example"),
        ("a@b.example", "a@&#8203;b.example"),
        ("test.py:100: error", "test.py:&#8203;100: error"),
        ("- item", "\\- item"), ("/merge", "\\/merge"), ("+ item", "\\+ item"), ("1. item", "1\\. item"),
        ("12) item", "12\\) item"),
        ("# head", "\\# head"), ("> quote", "&gt; quote"), ("    code", "code"), ("---", "\\---"), ("===", "\\==="),
        ("a | b", "a \\| b"), ("a\nb\tc", "a b c"), ("`code`", "\\`code\\`"),
        ("*a* __b__ ~c~", "\\*a\\* \\_\\_b\\_\\_ \\~&#8203;c\\~"),
        ("$x$", "&#36;&#8203;x&#36;"), ("&amp;", "&amp;&#8203;amp;"), ("\\", "\\\\"),
        ("a\u{202E}b", "a&lt;U+202E&gt;b"), ("", ""),
    ])
    func `text in a line says itself and nothing else`(_ text: String, _ markdown: String) {
        #expect(text.inMarkdown == markdown)
    }

    @Test(arguments: [
        ("make test", "`make test`"), ("a `b` c", "``a `b` c``"), ("`", "`` ` ``"), ("``` x", "```` ``` x ````"),
        ("a\nb", "`a b`"), (" a ", "`  a  `"), ("", ""), ("  ", ""), ("@team <b>", "`@team <b>`"),
        ("fixes #1", "`fixes #\u{200B}1`"), ("a | b", "`a | b`"),
    ])
    func `code in a line cannot be left by what is in it`(_ text: String, _ markdown: String) {
        #expect(text.codeInMarkdown() == markdown)
    }

    @Test func `a bar in a cell does not end it`() {
        #expect("a | b".codeInMarkdown(isInTable: true) == "<code>a &#124; b</code>")
        #expect("\\| @me `".codeInMarkdown(isInTable: true) == "<code>&#92;&#124; &#64;me &#96;</code>")
        #expect("a\\".codeInMarkdown(isInTable: true) == "`a\\`")
    }

    @Test(arguments: [
        ("a\nb", " ```text\n a\n b\n ```"), ("a\n", " ```text\n a\n ```"),
        ("```\n@team", " ````text\n ```\n @team\n ````"),
        ("x\n``````\n~~~", " ```````text\n x\n ``````\n ~~~\n ```````"),
        ("Closes #4", " ```text\n Closes #\u{200B}4\n ```"),
        ("a\u{1B}[2Jb", " ```text\n a^[[2Jb\n ```"),
    ])
    func `a block of code cannot be ended by what is in it`(_ text: String, _ markdown: String) {
        #expect(text.fencedInMarkdown == markdown)
    }
}
