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

    private static let titles = ["SESSION", "VERDICT", "AGE", "COMMITS", "SIZE", "REPOSITORY", "TASK"]
    private static let cells = ["20261127-1432-ab12", "unverified", "3 d", "12", "1.5 MB", "/home/somebody/projects/x"]

    @Test(arguments: [
        (120, titles), (80, titles.filter { $0 != "SIZE" }), (60, ["SESSION", "VERDICT", "TASK"]),
        (40, ["SESSION", "VERDICT", "TASK"]), (33, ["SESSION", "VERDICT"]), (12, ["SESSION"]),
    ])
    func `columns that are spare go where there is little room`(_ width: Int, _ shown: [String]) {
        var table = TextTable([
            .init(title: "SESSION"), .init(title: "VERDICT"), .init(title: "AGE", isSpare: true),
            .init(title: "COMMITS", isSpare: true), .init(title: "SIZE", isSpare: true),
            .init(title: "REPOSITORY", isPath: true, isSpare: true), .init(title: "TASK"),
        ])
        table.add(Self.cells + ["make the table fit into the screen, whatever is in it"])
        let lines = table.lines(width: width, style: plain)
        #expect(lines[0].split(separator: " ").map(String.init) == shown)
        #expect(lines.allSatisfy { $0.count <= width })
        #expect(shown.count < 3 || lines[1].contains("  make"))
    }

    @Test func `a cell is one line without anything that a terminal obeys`() {
        let lines = table(["a\nb\tc", "\u{1B}[2J", "宽", "\u{202E}x"]).lines(width: nil, style: plain)
        #expect(lines[1] == "a b c  ^[[2J  宽    <U+202E>x")
    }
}
