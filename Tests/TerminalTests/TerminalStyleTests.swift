import OS
import Terminal
import Testing

@Suite struct TerminalStyleTests {
    @Test(arguments: [
        (["TERM": "xterm"], true, true), (["TERM": "xterm", "NO_COLOR": ""], true, true),
        (["TERM": "xterm", "NO_COLOR": "1"], true, false), (["TERM": "dumb"], false, false),
        (["TERM": ""], false, false),
        ([:], false, false),
    ])
    func `the environment decides on colours`(_ environment: [String: String], isLive: Bool, hasColor: Bool) throws {
        let terminal = try PseudoTerminal(columns: 80, rows: 24)
        let style = TerminalStyle(descriptor: terminal.far.raw, environment: environment)
        #expect(style.isLive == isLive && style.hasColor == hasColor)
        #expect(style(.good, "x") == (hasColor ? "\u{1B}[32mx\u{1B}[0m" : "x"))
    }

    @Test func `a pipe gets plain text and has no width`() throws {
        let pipe = try Pipe()
        let style = TerminalStyle(descriptor: pipe.writing.raw, environment: ["TERM": "xterm"])
        #expect(!style.isLive && style(.bad, "x") == "x")
        #expect(ScreenSize.columns(of: pipe.writing.raw) == nil)
    }

    @Test func `a terminal says how many columns it has`() throws {
        let (wide, silent) = (try PseudoTerminal(columns: 132, rows: 50), try PseudoTerminal(columns: 0, rows: 0))
        #expect(ScreenSize.columns(of: wide.far.raw) == 132)
        #expect(ScreenSize.columns(of: silent.far.raw) == nil)
    }

    @Test func `lines of a diff are coloured by their sign`() throws {
        let terminal = try PseudoTerminal(columns: 80, rows: 24)
        let style = TerminalStyle(descriptor: terminal.far.raw, environment: ["TERM": "xterm"])
        #expect(style.diffLine("+a") == "\u{1B}[32m+a\u{1B}[0m" && style.diffLine("-a") == "\u{1B}[31m-a\u{1B}[0m")
        #expect(style.diffLine("+++ b/a") == "\u{1B}[2m+++ b/a\u{1B}[0m" && style.diffLine(" a") == " a")
    }
}
