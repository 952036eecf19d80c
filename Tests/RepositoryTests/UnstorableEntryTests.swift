import Foundation
import Patching
import Repository
import TestSupport
import Testing
import Text

/// What cannot be committed is left out by itself, named with the reason.
@Suite struct UnstorableEntryTests {
    private let step = CommitMessage(subject: "Step")

    private func reasons(_ found: FoundChanges) -> [String: SkippedFile.Reason] {
        Dictionary(uniqueKeysWithValues: found.skipped.map { ($0.path.text, $0.reason) })
    }

    /// Commits what a scan finds, and checks that git can check the commit out and finds nothing wrong with it.
    private func commit(_ fixture: GitFixture, _ tree: WorkingTree) throws -> FoundChanges {
        let found = try tree.scan()
        let id = try tree.commit(found, message: step, author: fixture.author)
        try fixture.git(
            "-c", "core.protectHFS=true", "worktree", "add", "-q", "--detach", fixture.folder + "/out", id.hex)
        #expect(!(try fixture.git("fsck", "--strict").contains("error")))
        #expect(try tree.scan().isEmpty)
        return found
    }

    @Test func `names that git refuses are left out, with all below, and no others are`() throws {
        let names = [
            ".GIT", ".Git", "git~1", "GIT~1", "git~1.", "git~1 .", ".git ", ".git...", ".git:x", "git~1:x", "a\\.git",
            "a\\git~1\\b", ".git\u{200C}", ".g\u{200D}it", "\u{FEFF}.git",
            // These are names like others.
            "git~2", ".gitx", "git", ".git~1", ".gitmodules", "gi7eba~1", "a\\git", ".git\u{E9}", "git~10", "...", " ",
            "con", "a:b", "a\\", ".gitignore", "\\",
        ]
        for isFolder in [false, true] {
            let fixture = try GitFixture()
            let blob = try fixture.git("rev-parse", "HEAD:README").trimmingCharacters(in: .newlines)
            var refused: Set<String> = []
            for name in names {
                let path = isFolder ? name + "/f" : name
                let words = ["update-index", "--add", "--cacheinfo", "100644,\(blob),\(path)"]
                let all = ["-c", "core.protectHFS=true", "-c", "core.protectNTFS=true"] + words
                if !fixture.accepts(all) { refused.insert(name) }
            }
            #expect(refused.count == 15)
            let (_, _, tree) = try fixture.session()
            // The content of a file of that name is git's configuration.
            for name in names { try fixture.write(isFolder ? name + "/f" : name, "", at: tree.root) }
            let found = try commit(fixture, tree)
            // Only git fsck refuses a folder of these two names.
            if isFolder { refused.formUnion([".gitmodules", "gi7eba~1"]) }
            #expect(Set(found.skipped.map(\.path.text)) == refused)
            #expect(found.skipped.count { $0.reason == .reservedName } == 15)
            #expect(found.files.count == names.count - refused.count)
        }
    }

    @Test func `a link for the file of submodules is left out under all its names, and a patch with it is refused`()
        throws
    {
        let fixture = try GitFixture([".gitignore": "x\n", "sub/.gitmodules": "", "a": "1\n"])
        let (_, _, tree) = try fixture.session()
        let links = [
            ".gitmodules", ".GITMODULES", "gitmod~1", "GI7EBA~9", ".gitmodules .", ".gitmodules:x", "a\\.gitmodules",
        ]
        for name in links + ["gitmod~5", ".gitattributes", ".mailmap", ".gitmodule"] {
            symlink("a", tree.root + "/" + name)
        }
        try fixture.remove("sub/.gitmodules", at: tree.root)
        symlink("../a", tree.root + "/sub/.gitmodules")
        try fixture.write("a", "2\n", at: tree.root)
        let found = try commit(fixture, tree)
        #expect(Set(found.skipped.map(\.path.text)) == Set(links + ["sub/.gitmodules"]))
        #expect(found.skipped.allSatisfy { $0.reason == .oddModules })
        let change = FileChange(path: "b/.gitmodules", contents: Array("a".utf8), mode: .link)
        #expect(
            failure { try tree.commit(ChangeSet([change]), message: step, author: fixture.author) } == .forbiddenPath)
        #expect(failure { try PlainFolder(tree.root).write(ChangeSet([change])) } == .forbiddenPath)
    }

    @Test func `a conversion that fails takes only its own file out, and comes again once it works`() throws {
        let fixture = try GitFixture(["kept.u16": "one\n", "a": "1\n"])
        try fixture.git("config", "filter.broken.clean", "echo no such luck >&2; false")
        try fixture.git("config", "filter.broken.required", "true")
        let (repository, _, tree) = try fixture.session()
        try fixture.write(".gitattributes", "*.u16 working-tree-encoding=UTF-16\n*.f filter=broken\n", at: tree.root)
        try fixture.write("new.u16", "not such text", at: tree.root)
        try fixture.write("kept.u16", "odd", at: tree.root)
        try fixture.write("x.f", "x", at: tree.root)
        try fixture.write("a", "2\n", at: tree.root)
        let found = try tree.scan()
        #expect(Set(found.files.map(\.path)) == [".gitattributes", "a"])
        #expect(Set(found.skipped.map(\.path.text)) == ["new.u16", "kept.u16", "x.f"])
        #expect(found.skipped.allSatisfy { "\($0)".contains("conversion") && "\($0)".contains("fail") })
        let id = try tree.commit(found, message: step, author: fixture.author)
        #expect(try repository.contents(of: "kept.u16", in: id) == Array("one\n".utf8))
        let text = Data([0xFF, 0xFE, 0x61, 0, 0x0A, 0])
        try text.write(to: URL(fileURLWithPath: tree.root + "/new.u16"))
        #expect(try tree.scan().files.map(\.path) == ["new.u16"])
    }

    @Test func `pipes, sockets and what lies too deep are named, also in the user's checkout`() throws {
        let fixture = try GitFixture([".gitignore": "*.sock\n", "a": "1\n", "was": "w\n", "d/e": "e\n"])
        let place = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(place) }
        func fill(_ root: String) throws {
            mkfifo(root + "/pipe", 0o600)
            mkfifo(root + "/d/new.sock", 0o600)
            mkdir(root + "/new", 0o755)
            mkfifo(root + "/new/pipe", 0o600)
            try fixture.remove("was", at: root)
            mkfifo(root + "/was", 0o600)
            try fixture.write("a", "2\n", at: root)
        }
        let (_, _, tree) = try fixture.session()
        try fill(tree.root)
        let name = String(repeating: "n", count: 250)
        let shell = "cd '\(tree.root)'; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18; do "
        let deep = Process()
        deep.executableURL = URL(fileURLWithPath: "/bin/sh")
        deep.arguments = ["-c", shell + "mkdir \(name) && cd -P \(name) || exit 1; done; echo x > f"]
        try deep.run()
        deep.waitUntilExit()
        let found = try tree.scan()
        #expect(Set(found.files.map { "\($0.kind.rawValue) \($0.path)" }) == ["M a", "D was"])
        let why = reasons(found)
        #expect(["pipe", "new/pipe", "was"].allSatisfy { why[$0] == .special("a pipe") })
        #expect(why.count == 4)
        #expect(why.values.count { $0 == .pathTooLong } == 1)
        _ = try tree.commit(found, message: step, author: fixture.author)

        try fill(fixture.root)
        let work = try fixture.open().uncommittedWork(privateFolder: fixture.privateFolder())
        #expect(Set(work.skipped.map(\.path)) == ["pipe", "new/pipe", "was"])
        #expect(work.tree != nil)
    }

    @Test func `files that cannot lie where they are in git are left out, and the rest is committed`() throws {
        let fixture = try GitFixture(["a": "1\n", "b": "1\n"])
        try fixture.git("clone", "-q", ".", fixture.folder + "/module")
        try fixture.git(
            "-c", "protocol.file.allow=always", "submodule", "add", "-q", fixture.folder + "/module", "lib/sub")
        try fixture.git("commit", "-q", "-m", "Submodule")
        let (_, _, tree) = try fixture.session()
        // A file where git has the folder of the submodule.
        rmdir(tree.root + "/lib/sub")
        rmdir(tree.root + "/lib")
        try fixture.write("lib", "x", at: tree.root)
        try fixture.write("a", "2\n", at: tree.root)
        let found = try tree.scan()
        #expect(found.files.map(\.path) == ["a"])
        #expect(found.skipped.map(\.path) == ["lib"])
        _ = try tree.commit(found, message: step, author: fixture.author)
    }

    @Test func `a scan that takes too long ends`() throws {
        let fixture = try GitFixture()
        let (_, _, tree) = try fixture.session()
        try fixture.write("a", "1", at: tree.root)
        #expect(failure { _ = try tree.scan(within: .zero) } == .outOfTime)
        #expect(try tree.scan(within: .seconds(60)).files.map(\.path) == ["a"])
    }
}

extension GitFixture {
    /// Whether git does what it is asked for.
    fileprivate func accepts(_ arguments: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git", "-C", root] + arguments
        process.standardError = Pipe()
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
