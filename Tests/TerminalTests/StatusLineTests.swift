import Terminal
import Testing

@Suite struct StatusLineTests {
    @Test func `it says what is waited for, and the newest lines of its output`() throws {
        let terminal = try TestTerminal(columns: 40, environment: ["TERM": "xterm", "NO_COLOR": "1"])
        var status = StatusLine(style: terminal.style)
        #expect(status.drawn() == "")
        status.wait(for: "$ make test")
        #expect(status.drawn() == "· $ make test · ctrl-C stops")
        #expect(status.erased() == "\r\u{1B}[2K")
        status.take(Array("one\ntwo\nthree\nfo".utf8))
        status.take(Array("ur\n\u{1B}[31m10 %\r20 %\r\n".utf8))
        #expect(status.drawn() == "· $ make test · ctrl-C stops\n  three\n  four\n  20 %")
        #expect(status.erased() == "\r\u{1B}[2K" + String(repeating: "\u{1B}[A\u{1B}[2K", count: 3))
        #expect(status.erased() == "", "it is gone")
        status.wait(for: "thinking")
        #expect(status.drawn() == "· thinking · ctrl-C stops", "the output was that of the command")
    }

    @Test func `no row is wider than the terminal, and what has no room is cut`() throws {
        let terminal = try TestTerminal(columns: 30, environment: ["TERM": "xterm", "NO_COLOR": "1"])
        var status = StatusLine(style: terminal.style)
        status.wait(for: "$ echo " + String(repeating: "宽", count: 30) + "\nsecond line")
        status.take(Array(String(repeating: "x", count: 200).utf8))
        for row in status.drawn().split(separator: "\n") { #expect(StyledLine(String(row)).width < 30) }
    }

    @Test func `below a line that goes on, it goes back to the end of that`() throws {
        let terminal = try TestTerminal(columns: 40, environment: ["TERM": "xterm", "NO_COLOR": "1"])
        var status = StatusLine(style: terminal.style)
        status.wait(for: "writing")
        #expect(status.drawn(at: 7) == "\n· writing · ctrl-C stops")
        #expect(status.erased() == "\r\u{1B}[2K\u{1B}[A\u{1B}[8G")
    }

    @Test func `colours come only where they are wanted, and nothing where lines cannot be drawn anew`() throws {
        for (environment, text) in [
            (["TERM": "xterm"], "\u{1B}[2m· thinking · ctrl-C stops\u{1B}[0m"),
            (["TERM": "xterm", "NO_COLOR": "1"], "· thinking · ctrl-C stops"), (["TERM": "dumb"], ""), ([:], ""),
        ] {
            let terminal = try TestTerminal(columns: 40, environment: environment)
            var status = StatusLine(style: terminal.style)
            status.wait(for: "thinking")
            #expect(status.drawn() == text)
            #expect(status.erased().isEmpty == text.isEmpty)
        }
    }
}
