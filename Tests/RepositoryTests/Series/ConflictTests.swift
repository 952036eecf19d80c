import TestSupport
import Testing
import Text

@testable import Repository

@Suite struct ConflictTests {
    private func conflict(
        _ files: [String: String], _ steps: [(String, [String: String?])], dropping index: Int = 0
    ) throws -> SeriesConflict? {
        let series = try SeriesFixture(files, steps)
        let before = try series.fixture.git("for-each-ref")
        defer { #expect((try? series.fixture.git("for-each-ref")) == before) }
        guard case .failure(let conflict) = try series.apply([index: .drop]) else { return nil }
        #expect(conflict.commit == series.commits[index + 1])
        return conflict
    }

    @Test func `each place has the lines of all three sides`() throws {
        let conflict = try conflict(
            ["long": lines()],
            [
                ("one", ["long": "top\n" + lines([10: "ONE", 30: "THREE"])]),
                ("two", ["long": "top\n" + lines([10: "ten\nmore", 20: "TWO", 30: "thirty"])]),
            ])
        let file = try #require(conflict?.files.first)
        #expect(file.path == "long")
        #expect(file.kind == .content)
        #expect(file.hunks.count == 2)
        #expect(file.hunks[0].ours == .init(line: 10, lines: ["line 10"]))
        #expect(file.hunks[0].base == .init(line: 11, lines: ["ONE"]))
        #expect(file.hunks[0].theirs == .init(line: 11, lines: ["ten", "more"]))
        #expect(file.hunks[1].ours == .init(line: 30, lines: ["line 30"]))
        #expect(file.hunks[1].base == .init(line: 31, lines: ["THREE"]))
        #expect(file.hunks[1].theirs == .init(line: 32, lines: ["thirty"]))
    }

    @Test(
        arguments: [
            (["a": "1\n"], ["a": "2\n"], ["a": nil], .deleted),
            (["b": "b\n"], ["a": "2\n"], ["a": "3\n"], .missing),
            (["a": "\0a"], ["a": "\0b"], ["a": "\0c"], .binary),
            (["a": "end"], ["a": "END"], ["a": "ending"], .content),
        ] as [([String: String], [String: String?], [String: String?], FileConflict.Kind)])
    func `a conflict has a kind`(
        files: [String: String], first: [String: String?], second: [String: String?], kind: FileConflict.Kind
    ) throws {
        let conflict = try conflict(files, [("one", first), ("two", second)])
        #expect(conflict?.files.map(\.kind) == [kind])
        #expect(conflict?.files.map(\.path) == ["a"])
    }

    @Test func `changes that do not meet are no conflict`() throws {
        let (one, two) = (lines([5: "x"]), lines([5: "x", 15: "y"]))
        #expect(try conflict(["long": lines()], [("one", ["long": one]), ("two", ["long": two])]) == nil)
    }
}
