import Foundation
import Patching
import Repository
import TestSupport
import Testing
import Text

/// What a process that died in a commit has left, and how the next one brings it in order.
@Suite struct CrashTests {
    private let step = CommitMessage(subject: "Step")

    private func changes() -> ChangeSet {
        ChangeSet(["src/a.txt": "one\n2\n", "new/c.txt": "c\n", "src/b.txt": nil])
    }

    @Test func `files that were not written any more are brought to the commit`() throws {
        let fixture = try GitFixture()
        let (_, base, tree) = try fixture.session()
        let commit = try tree.commit(changes(), message: step, author: fixture.author)
        // As before the commit: one file, and one that was deleted; the rest had been written.
        try fixture.write("src/a.txt", "one\ntwo\n", at: tree.root)
        try fixture.write("src/b.txt", "b\n", at: tree.root)
        try fixture.write(".graft-0123456789", "laid ready\n", at: tree.root)
        try tree.finishCommit(since: base)
        #expect(fixture.text("src/a.txt", at: tree.root) == "one\n2\n")
        #expect(!fixture.exists(tree.root + "/src/b.txt") && !fixture.exists(tree.root + "/.graft-0123456789"))
        #expect(tree.head == commit)
        #expect(try tree.scan().isEmpty)
    }

    @Test func `what has changed since is left as it is`() throws {
        let fixture = try GitFixture()
        let (_, base, tree) = try fixture.session()
        try tree.commit(changes(), message: step, author: fixture.author)
        try fixture.write("src/a.txt", "mine\n", at: tree.root)
        try fixture.write("src/b.txt", "b, too\n", at: tree.root)
        try tree.finishCommit(since: base)
        #expect(fixture.text("src/a.txt", at: tree.root) == "mine\n")
        #expect(fixture.text("src/b.txt", at: tree.root) == "b, too\n")
        #expect(try tree.scan().files.map(\.path) == ["src/a.txt", "src/b.txt"])
    }

    @Test func `a patch that cannot be written leaves neither commit nor files`() throws {
        let fixture = try GitFixture()
        let (repository, base, tree) = try fixture.session()
        try fixture.write("new/c.txt/x", "in the way\n", at: tree.root)
        #expect(failure { try tree.commit(changes(), message: step, author: fixture.author) } == .inTheWay)
        #expect(try repository.target(of: tree.reference) == base && tree.head == base)
        #expect(fixture.text("src/a.txt", at: tree.root) == "one\ntwo\n")
    }

    @Test func `a tree is taken as it was left, and made again where it is gone or was never whole`() throws {
        let fixture = try GitFixture()
        let repository = try fixture.open()
        let base = try #require(try repository.head.commit)
        let (path, steps) = (fixture.folder + "/tree", "refs/graft/x/steps")
        let tree = try repository.addWorkingTree(at: path, reference: steps, commit: base)
        try tree.commit(changes(), message: step, author: fixture.author)
        try fixture.write("left.txt", "left\n", at: path)
        let administration = try repository.gitDirectory(of: path)
        for lock in ["index.lock", "HEAD.lock"] { try fixture.write(lock, "", at: administration) }
        let (left, isLeft) = try repository.reopenWorkingTree(at: path, reference: steps)
        #expect(isLeft && left.head == tree.head)
        #expect(try left.scan().files.map(\.path) == ["left.txt"])
        try left.publishIndex()

        try FileManager.default.removeItem(atPath: path)
        let (made, isThere) = try repository.reopenWorkingTree(at: path, reference: steps)
        #expect(!isThere && made.head == tree.head && fixture.text("src/a.txt", at: path) == "one\n2\n")
        try fixture.write("locked", "", at: try repository.gitDirectory(of: path))
        #expect(try !repository.reopenWorkingTree(at: path, reference: steps).isLeft)
    }
}
