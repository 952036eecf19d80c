import Terminal
import Testing

@Suite struct TextTableTests {
    private let plain = TerminalStyle(descriptor: -1, environment: [:])

    private func table(_ rows: [String]...) -> TextTable {
        var table = TextTable([
            .init(title: "NAME"), .init(title: "SIZE", isRight: true), .init(title: "PATH", isPath: true),
            .init(title: "TEXT"),
        ])
        for row in rows { table.add(row) }
        return table
    }

    @Test func `columns are aligned, and no line ends with spaces`() {
        let lines = table(["a", "12 MB", "/x", "one"], ["long", "1", "/home/y", ""]).lines(width: nil, style: plain)
        #expect(
            lines == [
                "NAME   SIZE  PATH     TEXT", "a     12 MB  /x       one", "long      1  /home/y",
            ])
    }

    @Test func `a path loses its beginning and the last column its end where there is little room`() {
        let lines = table(["a", "1", "/home/somebody/projects/x", "a text that is long enough to be cut"])
            .lines(width: 48, style: plain)
        #expect(lines[1] == "a        1  …dy/projects/x  a text that is long…")
        #expect(lines.allSatisfy { $0.count <= 48 })
    }

    @Test func `a cell is one line without anything that a terminal obeys`() {
        let lines = table(["a\nb\tc", "\u{1B}[2J", "宽", "\u{202E}x"]).lines(width: nil, style: plain)
        #expect(lines[1] == "a b c  ^[[2J  宽    <U+202E>x")
    }
}
