import Foundation
import Patching
import Repository
import TestSupport
import Testing
import Text

@Suite struct CommitTests {
    let reference = "refs/heads/graft/1"

    /// Commits onto a new branch at HEAD; returns what `git` says of it.
    private func commit(_ changes: ChangeSet, _ fixture: GitFixture) throws -> (id: CommitID, files: [String]) {
        let repository = try fixture.open()
        let base = try repository.resolve("HEAD")
        try repository.createBranch("graft/1", at: base)
        let id = try repository.commit(
            changes, onto: base, message: CommitMessage(subject: "Step"), author: fixture.author, reference: reference)
        let list = try fixture.git("ls-tree", "-r", "--format=%(objectmode) %(path)", id.hex)
        try fixture.git("fsck", "--strict", "--no-dangling")
        return (id, list.split(separator: "\n").map(String.init))
    }

    @Test func `a commit carries the files, the message and the given time, and touches nothing else`() throws {
        let fixture = try GitFixture()
        let before = try fixture.userState()
        let made = try commit(ChangeSet(["src/a.txt": "new\n", "x/y/z": "deep", "src/b.txt": nil]), fixture)
        #expect(made.files == ["100644 README", "100644 src/a.txt", "100644 x/y/z"])
        let log = try fixture.git("log", "-1", "--format=%an %ae %aI %cI %B", "graft/1")
        #expect(log.hasPrefix("A a@example.com 2023-11-14T23:13:20+01:00 2023-11-14T23:13:20+01:00 Step"))
        #expect(try fixture.git("show", "graft/1:src/a.txt") == "new\n")
        #expect(try fixture.open().contents(of: "x/y/z", in: made.id) == Array("deep".utf8))
        #expect(try fixture.userState() == before)
    }

    @Test func `a commit is made while somebody holds the lock of the index`() throws {
        let fixture = try GitFixture()
        try fixture.write(".git/index.lock", "")
        _ = try commit(ChangeSet(["new": "x"]), fixture)
    }

    @Test func `executable bits, links and modes of moved files are kept`() throws {
        let fixture = try GitFixture([:])
        try fixture.write("run.sh", "a")
        chmod(fixture.root + "/run.sh", 0o755)
        symlink("run.sh", fixture.root + "/link")
        try fixture.git("add", "-A")
        try fixture.git("commit", "-q", "-m", "Start")
        let changes = ChangeSet([
            FileChange(path: "run.sh", contents: Array("b".utf8)),
            FileChange(path: "link", contents: Array("new".utf8)),
            FileChange(path: "moved.sh", contents: Array("c".utf8), modeFrom: "run.sh"),
        ])
        #expect(try commit(changes, fixture).files == ["120000 link", "100755 moved.sh", "100755 run.sh"])
    }

    @Test func `a file replaces a folder and a folder replaces a file`() throws {
        let fixture = try GitFixture(["dir/a": "1", "dir/b/c": "2", "file": "3", "keep": "k"])
        let changes = ChangeSet([
            "dir/a": nil, "dir/b/c": nil, "dir": "now a file", "file/x": "now a folder", "file": nil,
        ])
        #expect(try commit(changes, fixture).files == ["100644 dir", "100644 file/x", "100644 keep"])
    }

    @Test(
        arguments: [
            (["dir": "x"], RepositoryError.Code.inTheWay), (["keep/x": "x"], .inTheWay), (["missing": nil], .notFound),
            (["dir": nil], .notFound), (["keep": "k"], .nothingChanged), (["../x": "x"], .forbiddenPath),
            (["/x": "x"], .forbiddenPath), (["a/.git/config": "x"], .forbiddenPath), ([".GIT/x": "x"], .forbiddenPath),
            (["git~1/x": "x"], .forbiddenPath), ([".git. /x": "x"], .forbiddenPath),
            ([".g\u{200C}it/x": "x"], .forbiddenPath),
            (["": "x"], .forbiddenPath), (["a/": "x"], .forbiddenPath),
        ] as [([String: String?], RepositoryError.Code)])
    func `what cannot be committed is refused and moves nothing`(
        _ files: [String: String?], _ code: RepositoryError.Code
    ) throws {
        let fixture = try GitFixture(["dir/a": "1", "keep": "k"])
        let changes = ChangeSet(
            files.map { FileChange(path: BytePath($0.key), contents: $0.value.map { Array($0.utf8) }) })
        #expect(failure { _ = try commit(changes, fixture) } == code)
        let repository = try fixture.open()
        #expect(try repository.target(of: reference) == repository.resolve("main"))
    }

    @Test func `a reference that has moved in the meantime is not moved again`() throws {
        let fixture = try GitFixture()
        let repository = try fixture.open()
        let base = try repository.resolve("HEAD")
        try repository.createBranch("graft/1", at: base)
        func step(_ name: String) throws {
            _ = try repository.commit(
                ChangeSet([name: name]), onto: base, message: CommitMessage(subject: name), author: fixture.author,
                reference: reference)
        }
        try step("first")
        let first = try repository.target(of: reference)
        #expect(failure { try step("second") } == .referenceMoved)
        #expect(try repository.target(of: reference) == first)
        #expect(failure { try repository.createBranch("graft/1", at: base) } == .alreadyExists)
        try fixture.git("update-ref", "-d", reference)
        #expect(failure { try step("third") } == .referenceMoved)
    }

    @Test(arguments: ["a b", "q\"uo'te", "new\nline", "tab\t", "ünï/cødé", "-dash", "\\back", "*?[x]"])
    func `unusual names survive`(_ name: String) throws {
        let fixture = try GitFixture()
        let made = try commit(ChangeSet([name: "x"]), fixture)
        #expect(
            try fixture.git("ls-tree", "-r", "-z", "--name-only", made.id.hex).split(separator: "\0").contains(
                name[...]))
    }
}
