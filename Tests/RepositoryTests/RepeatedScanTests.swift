import Foundation
import Patching
import Repository
import TestSupport
import Testing
import Text

/// Scans that need not list every folder again: what they may not miss.
@Suite struct RepeatedScanTests {
    private let step = CommitMessage(subject: "Step")

    private func shown(_ found: FoundChanges) -> [String] { found.files.map { "\($0.kind.rawValue) \($0.path)" } }

    /// A tree whose folders are old enough to be remembered, after a scan that has done so.
    private func remembered(_ files: [String: String]) throws -> (fixture: GitFixture, tree: WorkingTree) {
        let fixture = try GitFixture(files)
        let (_, _, tree) = try fixture.session()
        try waitUntilOld(tree.root)
        #expect(try tree.scan().isEmpty)
        return (fixture, tree)
    }

    /// Times as young as a scan are not trusted; waits until a probe beside the tree is older than all in it.
    private func waitUntilOld(_ root: String) throws {
        var state = stat()
        stat(root, &state)
        var now = timespec()
        repeat {
            clock_gettime(CLOCK_REALTIME, &now)
        } while now.tv_sec * 1000 + now.tv_nsec / 1_000_000
            < state.st_ctim.tv_sec * 1000 + state.st_ctim.tv_nsec / 1_000_000 + 40
    }

    @Test func `what appears, changes and goes in remembered folders is found`() throws {
        let (fixture, tree) = try remembered(["a": "1", "d/b": "2", "d/e/c": "3", "d/e/f": "4", "z/y": "5"])
        try fixture.write("d/e/new", "n", at: tree.root)
        try fixture.write("d/fresh/deep/x", "x", at: tree.root)
        try fixture.remove("d/b", at: tree.root)
        #expect(shown(try tree.scan()) == ["D d/b", "A d/e/new", "A d/fresh/deep/x"])
        // Found again as long as it is not committed.
        let found = try tree.scan()
        #expect(shown(found) == ["D d/b", "A d/e/new", "A d/fresh/deep/x"])
        try tree.commit(found, message: step, author: fixture.author)
        #expect(try tree.scan().isEmpty)
        try fixture.remove("d/e", at: tree.root)
        try FileManager.default.moveItem(atPath: tree.root + "/z", toPath: tree.root + "/w")
        #expect(shown(try tree.scan()) == ["D d/e/c", "D d/e/f", "D d/e/new", "A w/y", "D z/y"])
    }

    @Test func `a file of equal size and time is found, changed in place or replaced`() throws {
        let (fixture, tree) = try remembered(["d/a": "one", "d/b": "two", "c": "x"])
        for replaces in [false, true] {
            let path = tree.root + (replaces ? "/d/b" : "/d/a")
            var state = stat()
            stat(path, &state)
            var folder = stat()
            stat(tree.root + "/d", &folder)
            let target = replaces ? tree.root + "/d/temporary" : path
            let file = open(target, O_WRONLY | O_CREAT, 0o644)
            #expect(write(file, "new", 3) == 3)
            futimens(file, [state.st_atim, state.st_mtim])
            close(file)
            if replaces { rename(target, path) }
            utimensat(AT_FDCWD, tree.root + "/d", [folder.st_atim, folder.st_mtim], 0)
            let found = try tree.scan()
            #expect(shown(found) == [replaces ? "M d/b" : "M d/a"])
            try tree.commit(found, message: step, author: fixture.author)
        }
    }

    @Test func `a new file is found although the folder's time was set back`() throws {
        let (fixture, tree) = try remembered(["d/a": "one"])
        var folder = stat()
        stat(tree.root + "/d", &folder)
        try fixture.write("d/new", "n", at: tree.root)
        utimensat(AT_FDCWD, tree.root + "/d", [folder.st_atim, folder.st_mtim], 0)
        #expect(shown(try tree.scan()) == ["A d/new"])
    }

    @Test func `files made one after the other without a pause are all found`() throws {
        let (fixture, tree) = try remembered(["d/a": "one", "e/b": "two"])
        for round in 0..<50 {
            try fixture.write(round % 2 == 0 ? "d/f\(round)" : "e/f\(round)", "x", at: tree.root)
            let found = try tree.scan()
            #expect(found.files.count == 1)
            try tree.commit(found, message: step, author: fixture.author)
        }
    }

    @Test func `new ignore rules let in what was ignored in folders that did not change`() throws {
        let files = [".gitignore": "*.log\n", "d/a": "1", "d/e/b": "2", "x/.gitignore": "*.tmp\n", "x/y/c": "3"]
        let (fixture, tree) = try remembered(files)
        for path in ["d/e/one.log", "x/y/two.tmp", "x/y/three.log"] { try fixture.write(path, "i", at: tree.root) }
        try waitUntilOld(tree.root + "/x/y")
        #expect(try tree.scan().isEmpty)
        // An untracked file of rules below the root, then a changed one, then one that goes.
        try fixture.write("d/.gitignore", "*.log\n!one.log\n", at: tree.root)
        var found = try tree.scan()
        #expect(shown(found) == ["A d/.gitignore", "A d/e/one.log"])
        try tree.commit(found, message: step, author: fixture.author)
        try waitUntilOld(tree.root + "/d")
        #expect(try tree.scan().isEmpty)
        try fixture.write("x/.gitignore", "#.tmp\n", at: tree.root)
        found = try tree.scan()
        #expect(shown(found) == ["M x/.gitignore", "A x/y/two.tmp"])
        try tree.commit(found, message: step, author: fixture.author)
        try waitUntilOld(tree.root + "/x")
        try fixture.remove(".gitignore", at: tree.root)
        #expect(shown(try tree.scan()) == ["D .gitignore", "A x/y/three.log"])
    }

    @Test func `rules that ignore themselves, in info exclude and in the user's file count too, and their changes`()
        throws
    {
        let fixture = try GitFixture(["d/a": "1", "e/b": "2", "f/c": "3"])
        try fixture.write(".git/info/exclude", "*.one\n")
        try fixture.write("rules", "*.two\n", at: fixture.folder)
        try fixture.git("config", "core.excludesFile", fixture.folder + "/rules")
        let (_, _, tree) = try fixture.session()
        try fixture.write("f/.gitignore", "*\n", at: tree.root)
        for path in ["d/x.one", "e/x.two", "f/x.three"] { try fixture.write(path, "i", at: tree.root) }
        try waitUntilOld(tree.root + "/f")
        #expect(try tree.scan().isEmpty)
        #expect(try tree.scan().isEmpty)
        try fixture.write("f/.gitignore", "*.x\n", at: tree.root)
        #expect(shown(try tree.scan()) == ["A f/.gitignore", "A f/x.three"])
        try fixture.write(".git/info/exclude", "*.other\n")
        try fixture.write("rules", "*.none\n", at: fixture.folder)
        #expect(shown(try tree.scan()) == ["A d/x.one", "A e/x.two", "A f/.gitignore", "A f/x.three"])
    }

    @Test func `ignored files are never committed, whatever the depth and the exceptions`() throws {
        let rules = "*.log\n/build/\nnode_modules/\n!keep.log\nd/*\n!d/kept\n"
        let (fixture, tree) = try remembered([
            ".gitignore": rules, "d/kept": "k", "s/.gitignore": "*\n!.gitignore\n!in\n",
        ])
        let ignored = ["a.log", "build/keep.log", "s/node_modules/m/index.js", "d/other", "s/out", "s/t/out"]
        let wanted = ["keep.log", "x/y/keep.log", "s/in", "x/build/file"]
        for path in ignored + wanted { try fixture.write(path, "x", at: tree.root) }
        let found = try tree.scan()
        #expect(found.files.map(\.path) == wanted.map { BytePath($0) }.sorted())
        try tree.commit(found, message: step, author: fixture.author)
        #expect(try fixture.git("status", "--porcelain", at: tree.root) == "")
        #expect(try tree.scan().isEmpty)
    }

    @Test func `a folder's own files are told apart from folders that sort beside them`() throws {
        let files = ["a.b": "1", "a/b": "2", "a/c/d": "3", "a0": "4", "a/c.x": "5", "a-b/c": "6", "é/ü": "7"]
        let (fixture, tree) = try remembered(files)
        for path in ["a.c", "a/d", "a/c/e", "a/c0", "a-b/d", "é/ä"] { try fixture.write(path, "n", at: tree.root) }
        for path in files.keys { try fixture.write(path, "changed", at: tree.root) }
        let found = try tree.scan()
        #expect(found.files.filter { $0.kind == .added }.count == 6)
        #expect(found.files.filter { $0.kind == .modified }.count == files.count)
    }

    @Test func `many files are looked at by several threads and give the same answer`() throws {
        var files: [String: String] = [:]
        for number in 0..<3000 {
            files["\(number % 7 == 0 ? "wide" : "p\(number % 40)/q\(number % 3)")/f\(number)"] = "x"
        }
        let (fixture, tree) = try remembered(files)
        for number in stride(from: 0, to: 3000, by: 300) {
            let path = "\(number % 7 == 0 ? "wide" : "p\(number % 40)/q\(number % 3)")/f\(number)"
            try fixture.write(path, "yy", at: tree.root)
        }
        try fixture.write("wide/new", "n", at: tree.root)
        #expect(try tree.scan().files.count == 11)
        let found = try tree.scan()
        try tree.commit(found, message: step, author: fixture.author)
        #expect(try fixture.git("status", "--porcelain", at: tree.root) == "")
    }

    @Test func `an untracked file that shrinks below the limit in place is found`() throws {
        let (fixture, tree) = try remembered(["d/a": "1"])
        try fixture.write("d/big", String(repeating: "x", count: 200), at: tree.root)
        try waitUntilOld(tree.root + "/d")
        tree.untrackedByteLimit = 100
        #expect(try tree.scan().skipped.map(\.description) == ["d/big (200 bytes, above the limit of 100 bytes)"])
        truncate(tree.root + "/d/big", 50)
        #expect(shown(try tree.scan()) == ["A d/big"])
    }
}
