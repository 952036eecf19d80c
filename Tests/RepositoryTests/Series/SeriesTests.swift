import Foundation
import Repository
import TestSupport
import Testing
import Text

@Suite struct SeriesTests {
    private let fixture: SeriesFixture

    init() throws {
        fixture = try SeriesFixture(
            ["long": lines(), "a": "a\n"],
            [
                ("one", ["long": lines([2: "TWO", 38: "END"])]), ("two", ["a": "b\n"]),
                ("three", ["new": "n\n", "long": lines([2: "TWO", 20: "MID", 38: "END"])]),
            ])
    }

    @Test(
        arguments: [
            ([:], ["one", "two", "three"]),
            ([0: .drop], ["two", "three"]),
            ([0: .drop, 1: .drop, 2: .drop], []),
            ([1: .reword("TWO\n")], ["one", "TWO", "three"]),
            ([1: .squash(message: nil)], ["one", "three"]),
            ([1: .squash(message: nil), 2: .squash(message: "all\n")], ["all"]),
            ([1: .drop, 2: .squash(message: nil)], ["one"]),
            ([0: .split(pieces: [2], message: "end\n")], ["end", "one", "two", "three"]),
            ([0: .split(pieces: [1], message: "begin\n"), 1: .squash(message: nil)], ["begin", "one", "three"]),
            ([0: .drop, 1: .reword("T\n"), 2: .split(pieces: [1], message: "mid\n")], ["T", "mid", "three"]),
        ] as [([Int: SeriesEdit], [String])])
    func `edits give the series that they describe`(edits: [Int: SeriesEdit], subjects: [String]) throws {
        let result = try fixture.rewrite(edits)
        #expect(try fixture.subjects(result.commits) == subjects)
        var parent = fixture.base
        for id in result.commits {
            #expect(try fixture.repository.record(of: id).parents == [parent])
            parent = id
        }
        let drops = edits.values.contains(.drop)
        if !drops { #expect(try fixture.tree(parent) == fixture.tree(fixture.commits[2])) }
    }

    @Test func `commits below the first edit keep their ids and author and date stay`() throws {
        let result = try fixture.rewrite([1: .reword("other\n")])
        #expect(result.commits[0] == fixture.commits[0])
        #expect(result.replacements[fixture.commits[0]] == nil)
        #expect(result.replacements[fixture.commits[1]] == [result.commits[1]])
        let (old, new) = (
            try fixture.repository.record(of: fixture.commits[2]), try fixture.repository.record(of: result.commits[2])
        )
        #expect(new.id != old.id)
        #expect(new.author == old.author)
        #expect(new.committer == fixture.committer)
        #expect(new.messageBytes == old.messageBytes)
    }

    @Test func `what has become of each commit is told`() throws {
        let result = try fixture.rewrite([0: .split(pieces: [1], message: "x\n"), 1: .squash(message: nil), 2: .drop])
        #expect(result.commits.count == 2)
        #expect(result.replacements[fixture.commits[0]] == result.commits)
        #expect(result.replacements[fixture.commits[1]] == [result.commits[1]])
        #expect(result.replacements[fixture.commits[2]] == [])
    }

    @Test func `a squash joins the messages and keeps all trailers`() throws {
        let result = try fixture.rewrite([1: .squash(message: nil)])
        let text = try fixture.repository.record(of: result.commits[0]).message
        #expect(text == "one\n\nWhy one.\n\ntwo\n\nWhy two.\n\nStep: one\nStep: two\n")
    }

    @Test(arguments: 0..<12) func `splitting and joining again gives the same tree`(seed: UInt64) throws {
        var random = Seeded(state: seed)
        let changed = (1...40).filter { _ in Bool.random(using: &random) }
        let text = lines(Dictionary(uniqueKeysWithValues: changed.map { ($0, "changed \($0)") }))
        let series = try SeriesFixture(
            ["long": lines(), "b": "b\n"], [("one", ["long": text, "b": nil, "c": "c\n"]), ("two", ["d": "d\n"])])
        let tree = try series.tree(series.commits[0])
        let diff = try series.repository.treeDiff(from: series.tree(series.base), to: tree)
        let pieces = Set(diff.pieces.map(\.id).filter { _ in Bool.random(using: &random) })
        guard !pieces.isEmpty, pieces.count < diff.pieces.count else { return }
        let split = try series.rewrite([0: .split(pieces: pieces, message: "part\n")])
        #expect(try series.tree(split.commits[1]) == tree)
        let joined = try series.repository.rewrite(
            split.commits, onto: series.base, edits: [split.commits[1]: .squash(message: nil)],
            committer: series.committer
        ).get()
        #expect(joined.commits.count == 2)
        #expect(try series.tree(joined.commits[0]) == tree)
        #expect(try series.tree(joined.commits[1]) == series.tree(series.commits[1]))
    }

    @Test func `a file that becomes a link is one piece`() throws {
        let series = try SeriesFixture(["file": "f\n", "a": "1\n"], [("one", ["a": "2\n"])])
        try series.fixture.remove("file")
        try series.fixture.git("config", "core.symlinks", "true")
        try FileManager.default.createSymbolicLink(
            atPath: series.fixture.root + "/file", withDestinationPath: "a")
        try series.fixture.git("commit", "-q", "-a", "--amend", "--no-edit")
        let commit = try series.repository.resolve("HEAD")
        let diff = try series.repository.treeDiff(from: series.tree(series.base), to: series.tree(commit))
        #expect(diff.files.map(\.path) == ["a", "file"])
        #expect(diff.pieces.count == 2)
        let split = try series.repository.rewrite(
            [commit], onto: series.base, edits: [commit: .split(pieces: [2], message: "link\n")],
            committer: series.committer
        ).get()
        let first = try series.repository.changedFiles(from: series.base, to: split.commits[0])
        #expect(first.map(\.path) == ["file"])
        #expect(try series.tree(split.commits[1]) == series.tree(commit))
    }

    @Test func `a change that is there already leaves no empty commit`() throws {
        let series = try SeriesFixture(["a": "1\n"], [("one", ["a": "2\n"]), ("empty", [:]), ("back", ["a": "1\n"])])
        #expect(try series.subjects(series.rewrite([0: .drop]).commits) == ["empty"])
        #expect(try series.subjects(series.rewrite([0: .reword("x\n")]).commits) == ["x", "empty", "back"])
    }

    @Test(
        arguments: [
            ([0: .squash(message: nil)], .notFound), ([0: .split(pieces: [9], message: "x\n")], .notFound),
            ([0: .split(pieces: [1, 2], message: "x\n")], .nothingChanged),
            ([0: .split(pieces: [], message: "x\n")], .nothingChanged),
        ] as [([Int: SeriesEdit], RepositoryError.Code)])
    func `an edit that makes no sense is refused`(edits: [Int: SeriesEdit], code: RepositoryError.Code) {
        #expect(failure { _ = try fixture.apply(edits) } == code)
    }

    @Test func `a merge in the series is refused`() throws {
        try fixture.fixture.git("checkout", "-q", "-b", "side", fixture.base.hex)
        try fixture.fixture.git("merge", "-q", "--no-ff", "-m", "merge", "main")
        let merge = try fixture.repository.resolve("side")
        let code = failure {
            _ = try fixture.repository.rewrite([merge], onto: fixture.base, edits: [:], committer: fixture.committer)
        }
        #expect(code == .unsupported)
    }

    @Test func `the chain to another history is refused`() throws {
        #expect(failure { _ = try fixture.repository.chain(from: fixture.commits[2], to: fixture.base) } == .notFound)
        let chain = try fixture.repository.chain(from: fixture.base, to: fixture.commits[2])
        #expect(chain.map(\.id) == fixture.commits)
    }
}

/// A source of chance that gives the same numbers for the same seed.
private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
