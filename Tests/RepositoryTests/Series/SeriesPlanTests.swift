import Foundation
import Patching
import Repository
import TestSupport
import Testing
import Text

/// A number generator that gives the same numbers every time.
private struct Chance: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}

/// A repository with a change of many pieces: hunks, new and deleted files, bytes, a mode, a file in a file's place.
private struct Change {
    let fixture: GitFixture
    let repository: GitRepository
    let start: CommitID
    let diff: TreeDiff

    static let numbers = (1...80).map { "line \($0)\r\n" }.joined()

    init() throws {
        fixture = try GitFixture([
            "many": Self.numbers, "gone": "g\n", "run": "r\n", "end": "no newline", "sub/a": "a\n",
        ])
        repository = try fixture.open()
        start = try repository.resolve("main")
        var text = Self.numbers
        for line in [3, 20, 40, 60, 79] { text = text.replacing("line \(line)\r\n", with: "changed\n\n") }
        try fixture.write("many", "top\n" + text + "bottom")
        try fixture.write("end", "no newline\n")
        try fixture.remove("gone")
        try fixture.write("new file", "1\n2\n")
        try Data([0, 255, 1]).write(to: URL(fileURLWithPath: fixture.root + "/bytes"))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: fixture.root + "/run")
        try fixture.git("add", "-A")
        try fixture.git("commit", "-q", "-m", "Change")
        diff = try repository.treeDiff(
            from: repository.treeID(of: start), to: repository.treeID(of: repository.resolve("main")),
            findsRenames: false)
    }

    func plan(_ lists: [[Int]]) throws -> SeriesPlan {
        try SeriesPlan(
            lists.enumerated().map { .init(message: CommitMessage(subject: "Part \($0)"), pieces: Set($1)) }, of: diff)
    }

    func write(_ plan: SeriesPlan) throws -> [CommitID] {
        try repository.writeSeries(plan, of: diff, onto: start, author: fixture.author)
    }
}

@Suite struct SeriesPlanTests {
    @Test func `any partition in any order ends at the same tree, and each commit has its pieces and no others`() throws
    {
        let change = try Change()
        let ids = change.diff.pieces.map(\.id)
        #expect(ids.count >= 9)
        for seed in 1...40 {
            var chance = Chance(state: UInt64(seed))
            let count = Int.random(in: 1...ids.count, using: &chance)
            var lists = [[Int]](repeating: [], count: count)
            // The first of each list makes sure that none is empty.
            for (position, id) in ids.shuffled(using: &chance).enumerated() {
                lists[position < count ? position : Int.random(in: 0..<count, using: &chance)].append(id)
            }
            let commits = try change.write(change.plan(lists))
            #expect(commits.count == count)
            var parent = change.start
            var taken: Set<Int> = []
            for (commit, list) in zip(commits, lists) {
                taken.formUnion(list)
                let tree = try change.repository.treeID(of: commit)
                #expect(try tree == change.repository.tree(taking: taken, of: change.diff))
                let own = try change.repository.treeDiff(
                    from: change.repository.treeID(of: parent), to: tree, findsRenames: false)
                // Every piece is a change of its own: two lines at least lie between them.
                #expect(Self.changes(own, pieces: nil) == Self.changes(change.diff, pieces: Set(list)))
                parent = commit
            }
            #expect(try change.repository.treeID(of: parent) == change.diff.new)
        }
    }

    /// Path, mode and changed lines of pieces, in order.
    private static func changes(_ diff: TreeDiff, pieces: Set<Int>?) -> [String] {
        diff.pieces.filter { pieces?.contains($0.id) ?? true }.flatMap { piece -> [String] in
            let file = diff.files[piece.file]
            let hunks = piece.hunk.map { [file.hunks[$0]] } ?? file.hunks
            let lines = hunks.flatMap(\.lines).filter { $0.kind != .context }
            return ["\(file.path) \(file.kind) \(file.newMode)"].filter { _ in piece.hunk == nil }
                + lines.map { "\(file.path) \($0.kind) \($0.bytes)" }
        }
    }

    @Test func `the commits have the messages in order, and the start for a parent`() throws {
        let change = try Change()
        let ids = change.diff.pieces.map(\.id)
        let commits = try change.write(change.plan([Array(ids.dropFirst(2)), Array(ids.prefix(2))]))
        let tip = try #require(commits.last).hex
        #expect(try change.fixture.git("log", "--format=%s", "\(change.start)..\(tip)") == "Part 1\nPart 0\n")
        #expect(try change.fixture.git("fsck", "--strict", "--no-dangling") == "")
    }

    @Test func `a list that does not take every piece once is no plan`() throws {
        let change = try Change()
        let ids = change.diff.pieces.map(\.id)
        let cases: [([[Int]], SeriesPlan.Flaw)] = [
            ([], .empty), ([ids, []], .nothing(commit: 2)),
            ([ids + [99, 0, -4]], .unknown([-4, 0, 99], commit: 1)),
            ([ids, [2, 1]], .repeated([1, 2], commit: 2)),
            ([Array(ids.dropFirst()), []], .nothing(commit: 2)),
            ([Array(ids.dropFirst(2))], .missing([1, 2])),
        ]
        for (lists, flaw) in cases {
            #expect(throws: flaw) { _ = try change.plan(lists) }
        }
    }

    @Test func `a piece that cannot stand alone is refused, and nothing is written`() throws {
        let fixture = try GitFixture(["place": "a file\n"])
        let repository = try fixture.open()
        let start = try repository.resolve("main")
        try fixture.remove("place")
        try fixture.write("place/inside", "x\n")
        try fixture.git("add", "-A")
        try fixture.git("commit", "-q", "-m", "Change")
        let diff = try repository.treeDiff(
            from: repository.treeID(of: start), to: repository.treeID(of: repository.resolve("main")),
            findsRenames: false)
        func plan(_ lists: [[Int]]) throws -> SeriesPlan {
            try SeriesPlan(lists.map { .init(message: CommitMessage(subject: "s"), pieces: Set($0)) }, of: diff)
        }
        let inside = try #require(diff.pieces.first { diff.files[$0.file].path == "place/inside" }).id
        let other = try #require(diff.pieces.first { $0.id != inside }).id
        func write(_ lists: [[Int]]) throws -> [CommitID] {
            try repository.writeSeries(plan(lists), of: diff, onto: start, author: fixture.author)
        }
        #expect(failure { _ = try write([[inside], [other]]) } == .inTheWay)
        #expect(try write([[other], [inside]]).count == 2)
    }

    @Test func `a series starts from the tree that the difference starts from`() throws {
        let change = try Change()
        let plan = try change.plan([change.diff.pieces.map(\.id)])
        let elsewhere = try change.repository.resolve("main")
        #expect(
            failure {
                _ = try change.repository.writeSeries(
                    plan, of: change.diff, onto: elsewhere, author: change.fixture.author)
            } == .mismatch)
    }
}

@Suite struct StepsReferenceTests {
    private let steps = "refs/graft/1/steps"
    private let step = CommitMessage(subject: "Step")

    @Test func `a tree whose commits go to no branch has a detached HEAD that follows`() throws {
        let fixture = try GitFixture()
        let before = try fixture.userState()
        let repository = try fixture.open()
        let base = try repository.resolve("main")
        let tree = try repository.addWorkingTree(at: fixture.folder + "/tree", reference: steps, commit: base)
        let first = try tree.commit(ChangeSet(["README": "2"]), message: step, author: fixture.author)
        #expect(try repository.target(of: steps) == first)
        #expect(try fixture.git("rev-parse", "HEAD", at: tree.root) == "\(first)\n")
        #expect(try fixture.git("status", "--porcelain", "--branch", at: tree.root) == "## HEAD (no branch)\n")
        #expect(try fixture.git("branch", "--show-current", at: tree.root) == "")
        #expect(try fixture.git("log", "-1", "--format=%s", at: tree.root) == "Step\n")
        tree.defersIndex = true
        let second = try tree.commit(ChangeSet(["README": "3"]), message: step, author: fixture.author)
        #expect(try fixture.git("rev-parse", "HEAD", at: tree.root) == "\(first)\n")
        try tree.publishIndex()
        #expect(try fixture.git("rev-parse", "HEAD", at: tree.root) == "\(second)\n")
        #expect(try fixture.git("diff", "HEAD", at: tree.root) == "")
        #expect(try fixture.git("fsck", "--strict") == "")
        #expect(try fixture.userState() == before)
        try repository.removeWorkingTree(at: tree.root, in: fixture.folder)
        try repository.deleteReference(steps, at: second)
        #expect(try fixture.git("for-each-ref", "refs/graft") == "")
    }

    @Test func `a tree cannot have the reference of another one`() throws {
        let fixture = try GitFixture()
        let repository = try fixture.open()
        let base = try repository.resolve("main")
        _ = try repository.addWorkingTree(at: fixture.folder + "/tree", reference: steps, commit: base)
        let again = fixture.folder + "/again"
        #expect(
            failure { _ = try repository.addWorkingTree(at: again, reference: steps, commit: base) } == .alreadyExists)
        #expect(!fixture.exists(again))
        #expect(try repository.target(of: steps) == base)
    }

    @Test func `steps in place leave HEAD and index alone`() throws {
        let fixture = try GitFixture()
        let before = try fixture.userState()
        let repository = try fixture.open()
        try repository.createReference(steps, at: repository.resolve("main"))
        let tree = try WorkingTree(inPlace: repository, reference: steps, privateFolder: fixture.privateFolder())
        let commit = try tree.commit(ChangeSet(["new": "2"]), message: step, author: fixture.author)
        try tree.publishIndex()
        #expect(try repository.target(of: steps) == commit)
        try fixture.remove("new")
        #expect(try fixture.userState() == before)
    }

    @Test func `a reference that has moved is neither moved nor deleted`() throws {
        let fixture = try GitFixture()
        let (repository, base, tree) = try fixture.session()
        try repository.createReference(steps, at: base)
        let commit = try tree.commit(ChangeSet(["README": "2"]), message: step, author: fixture.author)
        #expect(
            failure { try repository.moveReference(steps, from: commit, to: base, why: "test") } == .referenceMoved)
        #expect(failure { try repository.deleteReference(steps, at: commit) } == .referenceMoved)
        try repository.moveReference(steps, from: base, to: commit, why: "test")
        #expect(
            failure { try repository.moveBranch("main", from: base, to: commit, why: "test") }
                == .checkedOut)
        #expect(try repository.target(of: steps) == commit)
    }
}
