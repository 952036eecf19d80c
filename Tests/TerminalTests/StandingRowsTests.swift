import Testing

@testable import Terminal

/// What stands below what is being waited for.
@Suite struct `Standing rows` {
    private func rows(_ count: Int, focus: Int) -> StandingRows {
        StandingRows((0..<count).map { .init(.plain, "\($0)") }, focus: focus)
    }

    @Test(arguments: [
        (3, 1, 24, ["0", "1", "2"]), (8, 0, 24, ["0", "1", "2", "3", "4", "5", "6", "7"]),
        (20, 0, 24, ["0", "1", "2", "3", "4", "5", "6", "  … 13 more"]),
        (20, 10, 24, ["9", "10", "11", "12", "13", "14", "15", "  … 13 more"]),
        (20, 19, 24, ["13", "14", "15", "16", "17", "18", "19", "  … 13 more"]),
        (20, 10, 10, ["9", "10", "11", "  … 17 more"]), (20, 10, 4, ["10"]), (0, 0, 24, []),
    ])
    func `are as many as there is room for, around the one that matters`(
        _ count: Int, _ focus: Int, _ height: Int, _ shown: [String]
    ) {
        #expect(rows(count, focus: focus).shown(onRows: height).map(\.text) == shown)
    }

    @Test func `stand whatever is waited for, and are taken away with it`() throws {
        let terminal = try TestTerminal(columns: 20, environment: ["TERM": "xterm", "NO_COLOR": "1"])
        var status = StatusLine(style: terminal.style)
        status.keep(rows(2, focus: 0))
        #expect(status.drawn() == "", "nothing is waited for")
        status.wait(for: "thinking")
        #expect(status.drawn() == "· thinking\n0\n1")
        #expect(status.erased() == "\r\u{1B}[2K\u{1B}[A\u{1B}[2K\u{1B}[A\u{1B}[2K")
        status.wait(for: "$ make")
        status.take(Array("out\n".utf8))
        #expect(status.drawn() == "· $ make\n  out\n0\n1")
        status.end()
        _ = status.erased()
        #expect(status.drawn() == "")
    }
}
