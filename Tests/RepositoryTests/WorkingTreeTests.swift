import Foundation
import Patching
import Repository
import TestSupport
import Testing
import Text

@Suite struct WorkingTreeTests {
    private let step = CommitMessage(subject: "Step")

    @Test func `a linked working tree has the files and the branch, and the user's state stays`() throws {
        let fixture = try GitFixture()
        let before = try fixture.userState()
        let (repository, base, tree) = try fixture.session()
        #expect(fixture.text("src/a.txt", at: tree.root) == "one\ntwo\n")
        #expect(tree.reference == "refs/heads/graft/1")
        #expect(tree.head == base)
        #expect(try fixture.git("status", "--porcelain", "--branch", at: tree.root) == "## graft/1\n")
        #expect(try fixture.git("worktree", "list").contains("[graft/1]"))
        #expect(try fixture.git("worktree", "prune", "-v") == "")
        #expect(try fixture.userState() == before)
        try repository.removeWorkingTree(at: tree.root, in: fixture.folder)
        #expect(!fixture.exists(tree.root))
        #expect(try fixture.git("worktree", "list").split(separator: "\n").count == 1)
        #expect(try repository.target(of: tree.reference) == base)
    }

    @Test func `a working tree is neither made over a branch or folder that is there, nor half`() throws {
        let fixture = try GitFixture()
        let (repository, base, tree) = try fixture.session()
        func add(_ path: String, _ branch: String) throws {
            _ = try repository.addWorkingTree(at: path, branch: branch, commit: base)
        }
        #expect(failure { try add(fixture.folder + "/other", "graft/1") } == .alreadyExists)
        #expect(!fixture.exists(fixture.folder + "/other"))
        #expect(failure { try add(tree.root, "graft/2") } == .alreadyExists)
        #expect(try repository.target(of: "refs/heads/graft/2") == nil)
        #expect(failure { try add(fixture.folder + "/no/such", "graft/2") } == .system)
        try add(fixture.folder + "/other/", "graft/2")
        #expect(
            try fixture.git("for-each-ref", "--format=%(refname)", "refs/heads/graft")
                == "refs/heads/graft/1\nrefs/heads/graft/2\n")
    }

    @Test func `only what Graft has made is removed`() throws {
        let fixture = try GitFixture()
        let (repository, _, tree) = try fixture.session()
        try fixture.git("worktree", "add", "-q", "-b", "mine", fixture.folder + "/mine")
        #expect(
            failure { try repository.removeWorkingTree(at: fixture.folder + "/mine", in: fixture.folder) } == .notOurs)
        #expect(failure { try repository.removeWorkingTree(at: fixture.root, in: fixture.folder) } == .notOurs)
        #expect(
            failure { try repository.removeWorkingTree(at: fixture.folder + "/none", in: fixture.folder) } == .notOurs)
        #expect(failure { try repository.removeWorkingTree(at: tree.root, in: fixture.root) } == .notOurs)
        symlink(fixture.root, tree.root + "/link")
        try fixture.remove(".git", at: tree.root)
        try fixture.write(".git", "gitdir: \(fixture.root)/.git\n", at: tree.root)
        #expect(failure { try repository.removeWorkingTree(at: tree.root, in: fixture.folder) } == .notOurs)
        try fixture.write(".git", "gitdir: \(fixture.root)/.git/worktrees/tree\n", at: tree.root)
        try repository.removeWorkingTree(at: tree.root, in: fixture.folder)
        #expect(fixture.exists(fixture.root + "/README") && fixture.exists(fixture.folder + "/mine/README"))
    }

    @Test func `a removal that was interrupted can be finished`() throws {
        let fixture = try GitFixture()
        let (repository, _, tree) = try fixture.session()
        try fixture.remove(".git", at: tree.root)
        try repository.removeWorkingTree(at: tree.root, in: fixture.folder)
        let root = try repository.checkOut(repository.resolve("main"), into: fixture.folder + "/check")
        #expect(try repository.ownWorkingTrees() == [root])
        try fixture.remove("check", at: fixture.folder)
        try repository.removeWorkingTree(at: root, in: fixture.folder)
        #expect(try repository.ownWorkingTrees() == [])
    }

    @Test func `large trees are checked out as small ones are`() throws {
        let files = (0..<600).map { ("d\($0 % 7)/f\($0)", "\($0)\n") }
        let fixture = try GitFixture(Dictionary(uniqueKeysWithValues: files))
        let (repository, _, tree) = try fixture.session()
        #expect(try tree.scan().isEmpty)
        #expect(fixture.text("d4/f599", at: tree.root) == "599\n")
        #expect(try fixture.git("status", "--porcelain", "--branch", at: tree.root) == "## graft/1\n")
        try repository.removeWorkingTree(at: tree.root, in: fixture.folder)
    }

    @Test func `an index that is deferred is published when asked`() throws {
        let fixture = try GitFixture()
        let (_, _, tree) = try fixture.session()
        tree.defersIndex = true
        try tree.commit(ChangeSet(["README": "2"]), message: step, author: fixture.author)
        #expect(try fixture.git("status", "--porcelain", at: tree.root) != "")
        #expect(try tree.scan().isEmpty)
        try tree.publishIndex()
        #expect(try fixture.git("status", "--porcelain", at: tree.root) == "")
    }

    @Test func `a checkout without a branch is not opened for commits`() throws {
        let fixture = try GitFixture()
        let repository = try fixture.open()
        let root = try repository.checkOut(repository.resolve("main"), into: fixture.folder + "/check")
        #expect(failure { _ = try WorkingTree(linkedAt: root, of: repository) } == .unsupported)
        let base = try repository.resolve("main")
        #expect(
            failure {
                _ = try repository.commit(
                    ChangeSet(["a": "b"]), onto: base, message: step, author: fixture.author, reference: "HEAD")
            } == .unsupported)
    }

    @Test func `a checkout for verification has no branch, and git works inside`() throws {
        let fixture = try GitFixture()
        try fixture.git("tag", "v1")
        let repository = try fixture.open()
        let root = try repository.checkOut(repository.resolve("v1"), into: fixture.folder + "/check")
        #expect(try fixture.git("describe", at: root, fails: true) == "")
        #expect(try fixture.git("describe", "--tags", at: root) == "v1\n")
        #expect(try fixture.git("status", "--porcelain", "--branch", at: root) == "## HEAD (no branch)\n")
        try repository.removeWorkingTree(at: root, in: fixture.folder)
    }

    @Test func `a change set is committed, put on disk, and git calls the tree clean`() throws {
        let fixture = try GitFixture(["a": "1", "run.sh": "x", "dir/only": "o", "file": "f"])
        chmod(fixture.root + "/run.sh", 0o755)
        try fixture.git("commit", "-q", "-a", "-m", "Mode")
        let before = try fixture.userState()
        let (_, base, tree) = try fixture.session()
        chmod(tree.root + "/a", 0o600)
        let id = try tree.commit(
            ChangeSet([
                "a": "2\r\n", "run.sh": "y", "new/deep/file": "n", "dir/only": nil, "dir": "d", "file": nil,
                "file/x": "x",
            ]),
            message: step, author: fixture.author)
        #expect(tree.head == id && id != base)
        #expect(fixture.text("a", at: tree.root) == "2\r\n")
        #expect(fixture.text("dir", at: tree.root) == "d")
        #expect(fixture.text("file/x", at: tree.root) == "x")
        var state = stat()
        stat(tree.root + "/run.sh", &state)
        #expect(state.st_mode & 0o777 == 0o755)
        stat(tree.root + "/a", &state)
        #expect(state.st_mode & 0o777 == 0o600)
        #expect(try fixture.git("status", "--porcelain", at: tree.root) == "")
        #expect(try tree.scan().isEmpty)
        try tree.commit(ChangeSet(["new/deep/file": nil]), message: step, author: fixture.author)
        #expect(!fixture.exists(tree.root + "/new"))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: tree.root).sorted() == [
                ".git", "a", "dir", "file", "run.sh",
            ])
        #expect(try fixture.userState() == before)
    }

    @Test func `a session's tree is opened again where it was left`() throws {
        let fixture = try GitFixture()
        let (repository, _, tree) = try fixture.session()
        let id = try tree.commit(ChangeSet(["a": "2"]), message: step, author: fixture.author)
        let again = try WorkingTree(linkedAt: tree.root, of: repository)
        #expect(again.head == id && again.reference == tree.reference)
        #expect(try again.scan().isEmpty)
        #expect(failure { _ = try WorkingTree(linkedAt: fixture.root, of: repository) } == .notOurs)
    }

    @Test func `nothing is read or written through links that lead outside, or in the git folder`() throws {
        let fixture = try GitFixture()
        let (_, base, tree) = try fixture.session()
        try fixture.write("secret/s", "s", at: fixture.folder)
        symlink("../secret", tree.root + "/out")
        symlink(fixture.folder + "/secret/s", tree.root + "/file-out")
        symlink("src", tree.root + "/in")
        symlink("/proc/self/root", tree.root + "/magic")
        for path in ["out/s", "file-out", ".git", "../repo/README", ".Git/x", "magic/etc/passwd"] {
            #expect(failure { _ = try tree.read(BytePath(path)) } == .forbiddenPath, "\(path)")
        }
        for path in ["out/s", "out/new", "in/a.txt", ".git", ".git/x", "magic/tmp/x", "../x"] {
            let changes = ChangeSet(["README": "changed", path: "x"])
            #expect(failure { try tree.write(changes) } == .forbiddenPath, "\(path)")
            #expect(
                failure { try tree.commit(changes, message: step, author: fixture.author) } == .forbiddenPath, "\(path)"
            )
        }
        #expect(fixture.text("README", at: tree.root) == "hello\n")
        #expect(fixture.text("secret/s", at: fixture.folder) == "s")
        #expect(tree.head == base)
        #expect(try tree.read("in/a.txt") == Array("one\ntwo\n".utf8))
        #expect(try tree.read("./src//a.txt") == Array("one\ntwo\n".utf8))
        #expect(try tree.read("none/x") == nil)
        #expect(failure { _ = try tree.read("src") } == .notARegularFile)
        mkfifo(tree.root + "/pipe", 0o600)
        #expect(failure { _ = try tree.read("pipe") } == .notARegularFile)
    }

    @Test func `a folder with other files is not replaced, and nothing changes`() throws {
        let fixture = try GitFixture(["dir/a": "1", "b": "2"])
        let (_, base, tree) = try fixture.session()
        try fixture.write("dir/untracked", "u", at: tree.root)
        let changes = ChangeSet(["dir/a": nil, "dir": "x"])
        #expect(failure { try tree.commit(changes, message: step, author: fixture.author) } == .inTheWay)
        #expect(failure { try tree.write(ChangeSet(["b/c": "x"])) } == .inTheWay)
        #expect(fixture.text("dir/a", at: tree.root) == "1" && tree.head == base)
        #expect(try FileManager.default.contentsOfDirectory(atPath: tree.root).count == 3)
    }

    @Test(arguments: [false, true])
    func `a commit writes the blob, the folders above it and itself, and nothing else`(_ byCommand: Bool) throws {
        var files = ["a/b/c/d": "1", "a/b/e": "2", "f": "3"]
        for number in 0..<200 { files["g\(number % 20)/h\(number)"] = "\(number)" }
        let fixture = try GitFixture(files)
        let (_, _, tree) = try fixture.session()
        tree.defersIndex = true
        let before = try fixture.git("count-objects")
        if byCommand {
            try fixture.write("a/b/c/d", "changed", at: tree.root)
            try tree.commit(try tree.scan(), message: step, author: fixture.author)
        } else {
            try tree.commit(ChangeSet(["a/b/c/d": "changed"]), message: step, author: fixture.author)
        }
        func count(_ text: String) -> Int { text.split(separator: " ").first.flatMap { Int($0) } ?? 0 }
        // One blob, the trees of "", a, a/b and a/b/c, and the commit.
        #expect(count(try fixture.git("count-objects")) - count(before) == 6)
    }

    @Test func `an index that is brought up to date later is as git would have it`() throws {
        let fixture = try GitFixture()
        let (_, _, tree) = try fixture.session()
        tree.defersIndex = true
        let file = tree.repository.commonDirectory + "/worktrees/tree/index"
        let before = FileManager.default.contents(atPath: file)
        try tree.commit(ChangeSet(["new/x": "x", "README": nil]), message: step, author: fixture.author)
        #expect(FileManager.default.contents(atPath: file) == before)
        try tree.publishIndex()
        #expect(try fixture.git("status", "--porcelain", at: tree.root) == "")
    }

    @Test func `a branch that somebody has moved is left alone, and so are the files`() throws {
        let fixture = try GitFixture()
        let (_, _, tree) = try fixture.session()
        try fixture.git("commit", "-q", "--allow-empty", "-m", "Other", at: tree.root)
        #expect(
            failure { try tree.commit(ChangeSet(["README": "x"]), message: step, author: fixture.author) }
                == .referenceMoved)
        #expect(fixture.text("README", at: tree.root) == "hello\n")
    }

    @Test func `in place, commits go to the branch and the user's index stays`() throws {
        let fixture = try GitFixture()
        try fixture.write("staged", "s")
        try fixture.git("add", "staged")
        let before = try fixture.userState()
        let repository = try fixture.open()
        try repository.createBranch("graft/1", at: repository.resolve("HEAD"))
        let tree = try WorkingTree(inPlace: repository, branch: "graft/1", privateFolder: fixture.privateFolder())
        #expect(try tree.scan().files.map(\.path) == ["staged"])
        try tree.commit(try tree.scan(), message: step, author: fixture.author)
        #expect(try tree.scan().isEmpty)
        #expect(try fixture.userState() == before)
        try tree.commit(ChangeSet(["README": "changed\n"]), message: step, author: fixture.author)
        #expect(fixture.text("README") == "changed\n")
        #expect(fixture.exists(fixture.root + "/.git/index.lock") == false)
        #expect(try fixture.git("show", "graft/1:README") == "changed\n")
        #expect(try fixture.userState().first == before.first)
    }
}
