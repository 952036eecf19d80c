import Foundation
import Patching
import Repository
import TestSupport
import Testing
import Text

@Suite struct ScanTests {
    private let step = CommitMessage(subject: "Step")

    private func shown(_ found: FoundChanges) -> [String] { found.files.map { "\($0.kind.rawValue) \($0.path)" } }

    @Test func `new, changed, deleted, moved files and modes are found and committed as git would`() throws {
        let fixture = try GitFixture(
            [
                ".gitignore": "*.log\nbuild/\n!keep.log\n", "a": "1", "b": "2", "c/d": "3", "m": "4", "x": "5",
                "build/kept": "k",
            ].filter { $0.key != "build/kept" })
        try fixture.write("build/kept", "k")
        try fixture.git("add", "-f", "build/kept")
        try fixture.git("commit", "-q", "-m", "Kept")
        let (_, _, tree) = try fixture.session()
        #expect(try tree.scan().isEmpty)
        try fixture.write("a", "changed", at: tree.root)
        try fixture.remove("b", at: tree.root)
        try FileManager.default.moveItem(atPath: tree.root + "/c/d", toPath: tree.root + "/e")
        chmod(tree.root + "/x", 0o755)
        symlink("nowhere", tree.root + "/link")
        try fixture.write("new/deep/file", "n", at: tree.root)
        for ignored in ["trace.log", "build/out", "new/x.log"] { try fixture.write(ignored, "i", at: tree.root) }
        try fixture.write("new/keep.log", "k", at: tree.root)
        try fixture.write("build/kept", "changed", at: tree.root)
        let found = try tree.scan()
        #expect(
            shown(found) == [
                "M a", "D b", "M build/kept", "D c/d", "A e", "A link", "A new/deep/file", "A new/keep.log", "M x",
            ])
        let id = try tree.commit(found, message: step, author: fixture.author)
        #expect(try fixture.git("status", "--porcelain", at: tree.root) == "")
        try fixture.git("add", "-A", at: tree.root)
        #expect(try fixture.git("write-tree", at: tree.root).hasPrefix(try fixture.open().treeID(of: id).hex))
        #expect(try tree.scan().isEmpty)
        #expect(failure { try tree.commit(found, message: step, author: fixture.author) } == .referenceMoved)
    }

    @Test func `an edit of equal size right after a scan or commit is found`() throws {
        let fixture = try GitFixture()
        let (_, _, tree) = try fixture.session()
        for round in 0..<50 {
            let text = "round \(round + 10)\n"
            // In place: same inode, same size, as close in time as can be.
            let file = open(tree.root + "/src/a.txt", O_WRONLY | O_TRUNC)
            defer { close(file) }
            #expect(write(file, text, text.utf8.count) == text.utf8.count)
            let found = try tree.scan()
            #expect(shown(found) == ["M src/a.txt"])
            let id = try tree.commit(found, message: step, author: fixture.author)
            #expect(try fixture.open().contents(of: "src/a.txt", in: id) == Array(text.utf8))
        }
    }

    @Test func `an edit that keeps size and modification time is found`() throws {
        let fixture = try GitFixture()
        let (_, _, tree) = try fixture.session()
        var state = stat()
        stat(tree.root + "/src/a.txt", &state)
        let file = open(tree.root + "/src/a.txt", O_WRONLY)
        #expect(write(file, "two\none\n", 8) == 8)
        futimens(file, [state.st_atim, state.st_mtim])
        close(file)
        #expect(shown(try tree.scan()) == ["M src/a.txt"])
    }

    @Test func `large untracked files and nested repositories are named and left, submodules are left`() throws {
        let fixture = try GitFixture()
        try fixture.git("clone", "-q", ".", fixture.folder + "/module")
        try fixture.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", fixture.folder + "/module", "sub")
        try fixture.git("commit", "-q", "-m", "Submodule")
        let (_, _, tree) = try fixture.session()
        #expect(try tree.scan().isEmpty)
        try fixture.write("big", String(repeating: "x", count: 101), at: tree.root)
        try fixture.write("fits", String(repeating: "x", count: 100), at: tree.root)
        try fixture.write("README", String(repeating: "x", count: 1000), at: tree.root)
        try fixture.git("init", "-q", "nested", at: tree.root)
        try fixture.write("nested/file", "n", at: tree.root)
        tree.untrackedByteLimit = 100
        let found = try tree.scan()
        #expect(shown(found) == ["M README", "A fits"])
        let reasons = Dictionary(uniqueKeysWithValues: found.skipped.map { ($0.path, $0.reason) })
        #expect(reasons == ["big": .tooLarge(bytes: 101, limit: 100), "nested": .nestedRepository])
    }

    @Test(arguments: ["true", "input"])
    func `line endings are converted for the commit and kept on disk`(_ setting: String) throws {
        let fixture = try GitFixture(["a": "1\n2\n"])
        try fixture.git("config", "core.autocrlf", setting)
        let (repository, _, tree) = try fixture.session()
        #expect(fixture.text("a", at: tree.root) == (setting == "true" ? "1\r\n2\r\n" : "1\n2\n"))
        #expect(try tree.scan().isEmpty)
        try fixture.write("shell", "x\r\n", at: tree.root)
        let found = try tree.scan()
        #expect(shown(found) == ["A shell"])
        try tree.commit(found, message: step, author: fixture.author)
        let id = try tree.commit(ChangeSet(["a": "1\r\n3\r\n"]), message: step, author: fixture.author)
        #expect(try repository.contents(of: "shell", in: id) == Array("x\n".utf8))
        #expect(try repository.contents(of: "a", in: id) == Array("1\n3\n".utf8))
        #expect(fixture.text("a", at: tree.root) == "1\r\n3\r\n")
        #expect(try tree.scan().isEmpty)
        #expect(try fixture.git("status", "--porcelain", at: tree.root) == "")
    }

    @Test func `filter drivers run on the way in and out`() throws {
        let fixture = try GitFixture([:])
        try fixture.git("config", "filter.upper.clean", "tr a-z A-Z")
        try fixture.git("config", "filter.upper.smudge", "tr A-Z a-z")
        try fixture.write(".gitattributes", "*.up filter=upper\n")
        try fixture.write("a.up", "text\n")
        try fixture.git("add", "-A")
        try fixture.git("commit", "-q", "-m", "Start")
        let (repository, base, tree) = try fixture.session()
        #expect(try repository.contents(of: "a.up", in: base) == Array("TEXT\n".utf8))
        #expect(fixture.text("a.up", at: tree.root) == "text\n")
        #expect(try tree.scan().isEmpty)
        try fixture.write("b c.up", "shell\n", at: tree.root)
        let id = try tree.commit(try tree.scan(), message: step, author: fixture.author)
        #expect(try repository.contents(of: "b c.up", in: id) == Array("SHELL\n".utf8))
        let next = try tree.commit(ChangeSet(["a.up": "patch\n"]), message: step, author: fixture.author)
        #expect(try repository.contents(of: "a.up", in: next) == Array("PATCH\n".utf8))
        #expect(fixture.text("a.up", at: tree.root) == "patch\n")
        #expect(try fixture.git("status", "--porcelain", at: tree.root) == "")
        try fixture.git("config", "filter.upper.clean", "false")
        try fixture.git("config", "filter.upper.required", "true")
        #expect(
            failure { _ = try tree.commit(ChangeSet(["a.up": "z"]), message: step, author: fixture.author) }
                == .gitCommand)
    }

    @Test func `names of any bytes are found and committed`() throws {
        let fixture = try GitFixture()
        let (_, _, tree) = try fixture.session()
        for name in ["sp ace", "new\nline", "q\"'", "ünï", "-x", "[a]*"] { try fixture.write(name, "x", at: tree.root) }
        let raw: [CChar] =
            Array((tree.root + "/").utf8CString.dropLast()) + [CChar(bitPattern: 0xFF), CChar(bitPattern: 0xE9), 0]
        close(open(raw, O_CREAT | O_WRONLY, 0o644))
        let found = try tree.scan()
        #expect(found.files.count == 7)
        try tree.commit(found, message: step, author: fixture.author)
        #expect(try fixture.git("status", "--porcelain", at: tree.root) == "")
        #expect(try tree.scan().isEmpty)
    }

    @Test func `a file that became a folder, a link or a pipe is found`() throws {
        let fixture = try GitFixture(["a": "1", "b": "2", "c": "3", "dir/f": "4"])
        let (_, _, tree) = try fixture.session()
        for path in ["a", "b", "c", "dir"] { try fixture.remove(path, at: tree.root) }
        try fixture.write("a/x", "x", at: tree.root)
        symlink("a/x", tree.root + "/b")
        mkfifo(tree.root + "/c", 0o600)
        symlink("a", tree.root + "/dir")
        let found = try tree.scan()
        #expect(shown(found) == ["D a", "A a/x", "M b", "D c", "A dir", "D dir/f"])
        try tree.commit(found, message: step, author: fixture.author)
        #expect(try fixture.git("status", "--porcelain", at: tree.root) == "")
    }

    @Test func `modes count only where the repository says so`() throws {
        let fixture = try GitFixture()
        try fixture.git("config", "core.fileMode", "false")
        let (_, _, tree) = try fixture.session()
        chmod(tree.root + "/README", 0o755)
        #expect(try tree.scan().isEmpty)
    }

    @Test func `files that sparse checkouts and assume-unchanged leave out are not changes`() throws {
        let fixture = try GitFixture()
        try fixture.git("update-index", "--skip-worktree", "src/a.txt")
        try fixture.git("update-index", "--assume-unchanged", "README")
        try fixture.remove("src/a.txt")
        try fixture.write("README", "changed")
        #expect(try fixture.open().uncommittedWork(privateFolder: fixture.privateFolder()).tree == nil)
    }
}
