import Foundation
import TestSupport
import Testing
import Text

@testable import Repository

/// What is shown of submodules, and what is found of changes in them.
@Suite struct SubmoduleTests {
    private let fixture: GitFixture
    private let files = [
        "a": "one\n", "b": "two\n", "src/c": "three\n", "run": "#!/bin/sh\n", ".gitignore": "*.o\nout/\n",
    ]

    init() throws {
        fixture = try GitFixture()
        for (path, text) in files { try fixture.write("../module/" + path, text) }
        let module = fixture.folder + "/module"
        try fixture.git("init", "-q", "-b", "main", at: module)
        try fixture.git("add", "-A", at: module)
        try fixture.git("-c", "user.name=A", "-c", "user.email=a@b", "commit", "-q", "-m", "Start", at: module)
        try fixture.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", module, "lib/sub")
        try fixture.git("commit", "-q", "-m", "Add it")
    }

    private func submodule(ignoring rules: [String] = []) throws -> Submodule {
        let repository = try fixture.open()
        let found = try repository.submodules(of: try #require(try repository.head.commit), ignoring: rules)
        return try #require(found.count == 1 ? found[0] : nil)
    }

    private func layer(_ submodule: Submodule, shown: [String] = [], hidden: [String] = []) throws -> String {
        let upper = try fixture.privateFolder()
        try Submodule.Choice(submodule, shown: shown, hidden: hidden).prepare(upper)
        return upper
    }

    /// The paths in a layer: those that it takes away with a minus, those that it has with their contents.
    private func listing(_ layer: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: layer).compactMap { path in
            var state = stat()
            guard lstat("\(layer)/\(path)", &state) == 0, state.st_mode & S_IFMT != S_IFDIR else { return nil }
            if state.st_mode & S_IFMT == S_IFCHR { return "-" + path }
            return path + "=" + (try String(contentsOfFile: "\(layer)/\(path)", encoding: .utf8))
        }.sorted()
    }

    @Test func `one as recorded is shown without what is git's`() throws {
        let submodule = try submodule()
        #expect(submodule.path == "lib/sub" && submodule.obstacle == nil && submodule.difference == nil)
        #expect(try listing(try layer(submodule)) == ["-.git"])
    }

    @Test func `what is not as recorded is restored or taken away, and nothing is stored`() throws {
        let root = fixture.root + "/lib/sub"
        try fixture.write("lib/sub/a", "mine\n")
        try fixture.write("lib/sub/new", "mine\n")
        try fixture.write("lib/sub/x.o", "object\n")
        try fixture.write("lib/sub/out/lib", "object\n")
        try fixture.write("lib/sub/out/.env", "secret\n")
        try FileManager.default.removeItem(atPath: root + "/src")
        chmod(root + "/run", 0o755)
        let objects = fixture.root + "/.git/modules/lib/sub/objects"
        let before = try FileManager.default.subpathsOfDirectory(atPath: objects).sorted()
        let submodule = try submodule()
        #expect(submodule.difference == .uncommitted)
        #expect(submodule.ignoredFolders == ["out"])
        let layer = try layer(submodule, shown: ["out"], hidden: ["out/.env"])
        #expect(
            try listing(layer) == ["-.git", "-new", "-out/.env", "-x.o", "a=one\n", "run=#!/bin/sh\n", "src/c=three\n"])
        #expect(access(layer + "/run", X_OK) != 0 || geteuid() == 0)
        var state = stat()
        #expect(stat(layer + "/run", &state) == 0 && state.st_mode & 0o111 == 0)
        #expect(try FileManager.default.subpathsOfDirectory(atPath: objects).sorted() == before)
        #expect(try listing(try self.layer(submodule)).contains("-out"))
    }

    @Test func `another commit is shown as recorded`() throws {
        let root = fixture.root + "/lib/sub"
        try fixture.write("lib/sub/b", "later\n")
        try fixture.git("rm", "-q", "a", at: root)
        try fixture.git("-c", "user.name=A", "-c", "user.email=a@b", "commit", "-q", "-a", "-m", "Later", at: root)
        let head = try fixture.git("rev-parse", "HEAD", at: root).trimmingCharacters(in: .whitespacesAndNewlines)
        let submodule = try submodule()
        #expect(submodule.difference == .commit(CommitID(head)))
        #expect(try listing(try layer(submodule)) == ["-.git", "a=one\n", "b=two\n"])
    }

    @Test func `what cannot be shown says why`() throws {
        let root = fixture.root + "/lib/sub"
        func obstacle(_ change: () throws -> Void) throws -> Submodule.Obstacle? {
            try change()
            return try submodule().obstacle
        }
        let kept = fixture.folder + "/kept"
        #expect(try obstacle { try FileManager.default.moveItem(atPath: root, toPath: kept) } == .notCheckedOut)
        #expect(try obstacle { try fixture.write("lib/sub/file", "none of git's\n") } == .notCheckedOut)
        try FileManager.default.removeItem(atPath: root)
        let link = try obstacle { try FileManager.default.createSymbolicLink(atPath: root, withDestinationPath: kept) }
        #expect(link == .other("there is a link or a file in its place"))
        try FileManager.default.removeItem(atPath: root)
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        let settings = fixture.root + "/.git/modules/lib/sub/config"
        try fixture.git("config", "-f", settings, "core.worktree", fixture.root + "/lib")
        let elsewhere = try obstacle {
            try fixture.write("lib/sub/.git", "gitdir: \(fixture.root)/.git/modules/lib/sub\n")
        }
        #expect(elsewhere == .other("its .git leads to another working tree"))
        try FileManager.default.removeItem(atPath: root)
        try FileManager.default.moveItem(atPath: kept, toPath: root)
        try fixture.git("config", "-f", settings, "core.worktree", root)
        try fixture.git("update-index", "--cacheinfo", "160000,\(String(repeating: "1", count: 40)),lib/sub")
        try fixture.git("commit", "-q", "-m", "Lose it")
        #expect(
            try submodule().obstacle
                == .other("the recorded commit 1111111111 is not there: git submodule update"))
    }

    @Test func `changes in a layer are found as git would tell of them`() throws {
        try fixture.write("lib/sub/x.o", "object\n")
        try fixture.write("lib/sub/b", "mine\n")
        let submodule = try submodule(ignoring: ["__pycache__/"])
        let layer = try layer(submodule)
        let watch = try SubmoduleWatch(submodule, shownWith: layer)
        func found() -> [String] { watch.changes().map(\.path.text) }
        #expect(found() == [])
        func write(_ path: String, _ text: String) throws {
            let file = URL(fileURLWithPath: "\(layer)/\(path)")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        // Copied up and left as it was, ignored, and by-products.
        try write("a", "one\n")
        try write("y.o", "object\n")
        try write("__pycache__/m", "bytes\n")
        #expect(found() == [])
        try write("new", "x\n")
        try write("src/c", "other\n")
        mknod(layer + "/run", S_IFCHR, 0)
        unlink(layer + "/b")
        #expect(found() == ["lib/sub/new", "lib/sub/run", "lib/sub/src/c", "lib/sub/b"])
        unlink(layer + "/.git")
        try write(".git", "gitdir: /elsewhere\n")
        #expect(found().contains("lib/sub/.git"))
        #expect(watch.changes()[0].reason == .inSubmodule("lib/sub"))
        watch.accept()
        #expect(found() == [])
        try write("new", "longer\n")
        #expect(found() == ["lib/sub/new"])
    }

    @Test func `a folder of git's in a submodule is found for those who hide it`() throws {
        let repository = try fixture.open()
        let root = fixture.root + "/lib/sub"
        let folder = fixture.root + "/.git/modules/lib/sub"
        #expect(repository.submoduleGitFolders == [SubmoduleGitFolder(link: root + "/.git", folder: folder)])
        unlink(root + "/.git")
        try FileManager.default.moveItem(atPath: folder, toPath: root + "/.git")
        try fixture.git("config", "-f", root + "/.git/config", "--unset", "core.worktree")
        #expect(repository.submoduleGitFolders == [SubmoduleGitFolder(link: root + "/.git", folder: root + "/.git")])
    }
}
