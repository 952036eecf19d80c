import Foundation
import Patching
import Repository
import TestSupport
import Testing
import Text

@Suite struct `Names that are bytes` {
    private static let composed: BytePath = "\u{E9}.txt"
    private static let decomposed: BytePath = "e\u{301}.txt"
    private static let latin = BytePath(bytes: [0xE9])

    private func change(_ path: BytePath, _ text: String?) -> FileChange {
        FileChange(path: path, contents: text.map { Array($0.utf8) })
    }

    @Test func `are committed, scanned and compared as such`() throws {
        let fixture = try GitFixture()
        let (repository, base, tree) = try fixture.session()
        let paths = [Self.composed, Self.decomposed, Self.latin, BytePath(bytes: [0xE8]), "new\nline"]
        let made = ChangeSet(paths.map { change($0, "1\n") })
        let first = try tree.commit(made, message: CommitMessage(subject: "Add"), author: fixture.author)
        #expect(try Set(repository.changedFiles(from: base, to: first).map(\.path)) == Set(paths))
        let diff = try repository.treeDiff(from: repository.treeID(of: base), to: repository.treeID(of: first))
        #expect(Set(diff.files.map(\.path)) == Set(paths))
        for path in paths {
            #expect(try tree.read(path) == Array("1\n".utf8))
            #expect(try repository.contents(of: path, in: first) == Array("1\n".utf8))
        }
        #expect(try tree.names(in: "").filter { paths.contains($0) }.count == paths.count)
        let name = paths[3].bytes.map { CChar(bitPattern: $0) } + [0]
        let folder = open(tree.root, O_RDONLY | O_DIRECTORY)
        defer { close(folder) }
        #expect(unlinkat(folder, name, 0) == 0)
        #expect(try tree.scan().files.map { "\($0.kind.rawValue) \($0.path)" } == ["D \(paths[3])"])
    }

    @Test func `are each of them the user's uncommitted work`() throws {
        let fixture = try GitFixture()
        let repository = try fixture.open()
        try fixture.write(Self.decomposed.text, "mine")
        #expect(try repository.uncommitted([Self.composed, Self.decomposed]) == [Self.decomposed])
    }

    @Test func `are ignored one by one as by-products`() throws {
        let fixture = try GitFixture()
        let (_, _, tree) = try fixture.session()
        let names: [BytePath] = [Self.decomposed, Self.latin, "*\u{301}", "a\rb\r", "b\nc", "[x]", "end "]
        let folder = open(tree.root, O_RDONLY | O_DIRECTORY)
        defer { close(folder) }
        for path in names {
            let name = path.bytes.map { CChar(bitPattern: $0) } + [0]
            close(openat(folder, name, O_WRONLY | O_CREAT, 0o644))
        }
        #expect(Set(try tree.scan().files.map(\.path)) == Set(names))
        try tree.ignoreUntracked()
        try fixture.write(Self.composed.text, "new", at: tree.root)
        #expect(try tree.scan().files.map(\.path) == [Self.composed])
    }
}
