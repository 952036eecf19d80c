import Foundation
import TestSupport
import Testing

@testable import Repository

@Suite struct MoveCheckoutTests {
    private let series: SeriesFixture

    init() throws {
        series = try SeriesFixture(
            ["a": "1\n", "gone": "g\n", "dir/b": "b\n"],
            [("one", ["a": "2\n", "gone": nil, "new/c": "c\n"]), ("two", ["dir/b": nil, "a": "3\n"])])
        try series.fixture.git("reset", "-q", "--hard", series.base.hex)
    }

    private var tip: CommitID { series.commits[1] }

    private func status() throws -> String { try series.fixture.git("--no-optional-locks", "status", "--porcelain") }

    @Test func `there and back again is as it was`() throws {
        try series.fixture.write("mine", "m\n")
        let (repository, before) = (series.repository, try status())
        try repository.moveCheckout(from: series.base, to: tip, why: "graft: there")
        #expect(try status() == before)
        #expect(series.fixture.text("a") == "3\n")
        #expect(series.fixture.text("new/c") == "c\n")
        #expect(!series.fixture.exists(series.fixture.root + "/dir"))
        #expect(try repository.head == .branch("main", tip))
        try repository.moveCheckout(from: tip, to: series.base, why: "graft: back")
        #expect(try status() == before)
        #expect(!series.fixture.exists(series.fixture.root + "/new"))
        #expect(try repository.head == .branch("main", series.base))
        let log = try series.fixture.git("reflog", "-2", "--format=%gs", "main")
        #expect(log == "graft: back\ngraft: there\n")
    }

    @Test func `an index that cannot be written brings the files back`() throws {
        let repository = series.repository
        let changes = try CheckoutChange.between(
            repository.treeID(of: series.base), repository.treeID(of: tip), in: repository)
        let update = try CheckoutUpdate(changes, in: repository, files: CheckoutFiles(repository))
        let before = try series.fixture.userState()
        try series.fixture.write(".git/index.lock", "")
        #expect(failure { try update.run() } == .locked)
        #expect(try series.fixture.userState() == before)
        #expect(series.fixture.text("a") == "1\n")
        #expect(series.fixture.text("dir/b") == "b\n")
        #expect(failure { try repository.moveCheckout(from: series.base, to: tip, why: "x") } == .locked)
        try series.fixture.remove(".git/index.lock")
        try repository.moveCheckout(from: series.base, to: tip, why: "x")
    }

    @Test func `a branch that cannot be moved brings files and index back`() throws {
        let before = try status()
        try series.fixture.write(".git/refs/heads/main.lock", "")
        #expect(failure { try series.repository.moveCheckout(from: series.base, to: tip, why: "x") } == .locked)
        #expect(try status() == before)
        #expect(series.fixture.text("a") == "1\n")
        #expect(series.fixture.text("gone") == "g\n")
        #expect(!series.fixture.exists(series.fixture.root + "/new"))
    }

    @Test func `a head that is elsewhere is left alone`() throws {
        #expect(failure { try series.repository.moveCheckout(from: tip, to: series.base, why: "x") } == .referenceMoved)
    }

    @Test func `an untracked file in a folder that should go stays`() throws {
        try series.fixture.git("checkout", "-q", "-b", "other", tip.hex)
        try series.fixture.write("dir", "a file now\n")
        try series.fixture.git("add", "-A")
        try series.fixture.git("commit", "-q", "-m", "file")
        let file = try series.repository.resolve("HEAD")
        try series.fixture.git("checkout", "-q", "main")
        try series.fixture.write("dir/untracked", "mine\n")
        let before = try series.fixture.userState()
        #expect(failure { try series.repository.moveCheckout(from: series.base, to: file, why: "x") } == .inTheWay)
        #expect(try series.fixture.userState() == before)
        #expect(series.fixture.text("a") == "1\n")
    }

    @Test func `references move only from where they are expected`() throws {
        let (repository, name) = (series.repository, "refs/graft/x/review/1")
        try repository.moveReference(name, from: nil, to: series.base, why: "x")
        #expect(failure { try repository.moveReference(name, from: nil, to: tip, why: "x") } == .alreadyExists)
        #expect(failure { try repository.moveReference(name, from: tip, to: tip, why: "x") } == .referenceMoved)
        try repository.moveReference(name, from: series.base, to: tip, why: "x")
        #expect(try repository.target(of: name) == tip)
        try repository.deleteOwnReference(name)
        try repository.deleteOwnReference(name)
        #expect(failure { try repository.deleteOwnReference("refs/heads/main") } == .notOurs)
    }

    @Test func `a branch is found where the user has it checked out`() throws {
        let (repository, linked) = (series.repository, series.fixture.folder + "/linked")
        #expect(try repository.checkout(of: "main") == repository.workingDirectory)
        #expect(try repository.checkout(of: "side") == nil)
        try series.fixture.git("worktree", "add", "-q", "-b", "side", linked)
        #expect(try repository.checkout(of: "side") == linked)
        let own = series.fixture.folder + "/own"
        _ = try repository.addWorkingTree(at: own, branch: "graft/1", commit: series.base)
        #expect(try repository.checkout(of: "graft/1") == nil)
        let inside = try GitRepository(discovering: linked, environment: series.fixture.environment)
        #expect(try inside.checkout(of: "main") == repository.workingDirectory)
    }
}
