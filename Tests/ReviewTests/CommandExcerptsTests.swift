import Review
import Testing
import Text

@Suite struct `Commands below each other` {
    private static let first = "PYTHONPATH=src python3 -B -m unittest tests.test_parser.ParserTest.test_one -v 2>&1"
    private static let second = "PYTHONPATH=src python3 -B -m unittest tests.test_parser.ParserTest.test_two -v 2>&1"
    private static let third = "cd /work/src && python3 -B -m unittest discover -s tests -p 'test_*.py' -v 2>&1"

    private func excerpts(_ commands: [String], _ columns: Int) -> [String] {
        let all = CommandExcerpts(commands)
        return commands.map { all.excerpt(of: $0, columns: columns) }
    }

    @Test func `show what tells them apart`() {
        #expect(
            excerpts([Self.first, Self.second, "make test"], 60) == [
                "… python3 -B -m … tests.test_parser.ParserTest.test_one …",
                "… python3 -B -m … tests.test_parser.ParserTest.test_two …", "make test",
            ])
        #expect(
            excerpts([Self.first, Self.second], 30) == [
                "… python3 … …erTest.test_one …", "… python3 … …erTest.test_two …",
            ])
    }

    @Test func `lose a folder and variables first, and a common end`() {
        #expect(excerpts([Self.third], 70) == ["… python3 -B -m unittest discover -s tests -p 'test_*.py' -v 2>&1"])
        #expect(excerpts(["A=1 make -C there", "A=2 make -C there"], 14) == ["A=1 make -C …", "A=2 make -C …"])
        let tests = ["one", "two"].map { "A=1 go test ./pkg/\($0) -run TestEverything -count=1 -v 2>&1 | tail -20" }
        #expect(excerpts(tests, 34).map { $0.contains("./pkg/") } == [true, true])
        #expect(Set(excerpts(tests, 34)).count == 2)
    }

    @Test func `are whole where there is room, and on one line`() {
        #expect(excerpts([Self.first], 200) == [Self.first])
        #expect(excerpts(["python3 - <<'E'\nprint(1)\nE"], 80) == ["python3 - <<'E' print(1) E"])
        #expect(excerpts(["", "x\u{1B}[31m"], 20) == ["", "x^[[31m"])
    }

    @Test(arguments: Array(4..<90))
    func `fit and differ at any width that shows a difference`(_ columns: Int) {
        let commands = [Self.first, Self.second, Self.third, "x " + String(repeating: "宽", count: 80)]
        let shown = excerpts(commands, columns)
        #expect(shown.allSatisfy { $0.cellWidth <= columns })
        #expect(columns < 12 || Set(shown).count == shown.count, "\(shown)")
    }
}
