import Foundation
import Repository
import TestSupport
import Testing
import Text

@Suite struct UncommittedWorkTests {
    /// The tree `git` would make of everything, with an index of its own.
    private func expected(_ fixture: GitFixture) throws -> String {
        try fixture.git("add", "-A")
        return try fixture.git("write-tree").trimmingCharacters(in: .newlines)
    }

    @Test func `a clean checkout has none, whatever is ignored or merely touched`() throws {
        let fixture = try GitFixture([".gitignore": "*.o\n", "a": "1"])
        try fixture.write("x.o", "ignored")
        try fixture.write("a", "1")
        #expect(try fixture.open().uncommittedWork(privateFolder: fixture.privateFolder()).tree == nil)
        let empty = try GitFixture([:])
        #expect(try empty.open().uncommittedWork(privateFolder: empty.privateFolder()).tree == nil)
    }

    @Test(arguments: ["staged", "unstaged", "untracked", "deleted", "renamed", "mode", "link", "all", "intent"])
    func `every kind of work is in the tree, and the user's state stays`(_ kind: String) throws {
        let fixture = try GitFixture(["a": "1\n", "b": "2\n", "c": "3\n", "d/e": "4\n", "f": "5\n"])
        try fixture.write("a", "stashed\n")
        try fixture.git("stash", "-q")
        let isAll = kind == "all"
        if isAll || kind == "staged" {
            try fixture.write("a", "staged\n")
            try fixture.git("add", "a")
        }
        if isAll || kind == "unstaged" { try fixture.write("b", "unstaged\n") }
        if isAll || kind == "untracked" { try fixture.write("new/file", "untracked\n") }
        if isAll || kind == "deleted" { try fixture.remove("c") }
        if isAll || kind == "renamed" { try fixture.git("mv", "d/e", "g") }
        if isAll || kind == "mode" { chmod(fixture.root + "/f", 0o755) }
        if isAll || kind == "link" { symlink("f", fixture.root + "/l") }
        if isAll || kind == "intent" {
            try fixture.write("i", "intent\n")
            try fixture.git("add", "-N", "i")
        }
        let before = try fixture.userState()
        let work = try fixture.open().uncommittedWork(privateFolder: fixture.privateFolder())
        #expect(try fixture.userState() == before)
        #expect(work.tree?.hex == (try expected(fixture)))
        #expect(work.skipped.isEmpty)
    }

    @Test func `work before the first commit is found`() throws {
        let fixture = try GitFixture([:])
        try fixture.write("a", "1")
        let tree = try fixture.open().uncommittedWork(privateFolder: fixture.privateFolder()).tree
        #expect(tree?.hex == (try expected(fixture)))
    }

    @Test func `large untracked files are named, not stored`() throws {
        let fixture = try GitFixture()
        try fixture.write("big", "12345")
        let work = try fixture.open().uncommittedWork(untrackedLimit: 4, privateFolder: fixture.privateFolder())
        #expect(work.tree == nil)
        #expect(work.skipped.map(\.path) == ["big"])
    }

    @Test func `an unfinished merge is refused`() throws {
        let fixture = try GitFixture(["a": "1\n"])
        try fixture.git("checkout", "-q", "-b", "other")
        try fixture.write("a", "2\n")
        try fixture.git("commit", "-q", "-a", "-m", "Two")
        try fixture.git("checkout", "-q", "main")
        try fixture.write("a", "3\n")
        try fixture.git("commit", "-q", "-a", "-m", "Three")
        try fixture.git("merge", "-q", "other", fails: true)
        let folder = try fixture.privateFolder()
        #expect(failure { _ = try fixture.open().uncommittedWork(privateFolder: folder) } == .conflicts)
    }

    @Test func `a held lock of the index does not matter`() throws {
        let fixture = try GitFixture()
        try fixture.write("a", "x")
        try fixture.write(".git/index.lock", "")
        #expect(try fixture.open().uncommittedWork(privateFolder: fixture.privateFolder()).tree != nil)
    }

    @Test func `split and sparse indexes are read through a copy`() throws {
        let split = try GitFixture()
        try split.git("update-index", "--split-index")
        try split.write("src/a.txt", "changed")
        let before = try split.userState()
        let tree = try split.open().uncommittedWork(privateFolder: split.privateFolder()).tree
        #expect(try split.userState() == before)
        #expect(tree?.hex == (try expected(split)))
        try split.open().createBranch("graft/1", at: split.open().resolve("HEAD"))
        let place = try WorkingTree(inPlace: split.open(), branch: "graft/1", privateFolder: split.privateFolder())
        #expect(try place.scan().files.map(\.path) == ["src/a.txt"])

        let sparse = try GitFixture(["a": "1", "in/b": "2", "out/c": "3", "out/deep/d": "4"])
        try sparse.git("sparse-checkout", "set", "--cone", "--sparse-index", "in")
        try sparse.write("in/b", "changed")
        let state = try sparse.userState()
        let found = try sparse.open().uncommittedWork(privateFolder: sparse.privateFolder()).tree
        #expect(try sparse.userState() == state)
        #expect(found?.hex == (try expected(sparse)))
    }

    @Test func `it goes on a branch as a commit of its own`() throws {
        let fixture = try GitFixture()
        try fixture.write("README", "mine\n")
        let repository = try fixture.open()
        let base = try repository.resolve("HEAD")
        let tree = try #require(try repository.uncommittedWork(privateFolder: fixture.privateFolder()).tree)
        try repository.createBranch("graft/1", at: base)
        let id = try repository.commit(
            tree: tree, onto: base, message: CommitMessage(subject: "Work of the user"), author: fixture.author,
            reference: "refs/heads/graft/1")
        #expect(try repository.changedFiles(from: base, to: id).map(\.path) == ["README"])
        #expect(
            failure {
                _ = try repository.commit(
                    tree: tree, onto: id, message: CommitMessage(subject: "x"), author: fixture.author,
                    reference: "refs/heads/graft/1")
            } == .nothingChanged)
    }
}
