import Foundation
import Repository
import Sandbox
import Testing

@testable import Workspace

@Suite struct IgnoredFoldersTests {
    /// A checkout with what git ignores in it, and an empty one.
    private final class Fixture {
        let root = "/tmp/graft-ignored-\(UUID().uuidString.prefix(8))"
        var checkout: String { root + "/checkout" }
        var tree: String { root + "/tree" }
        var store: String { root + "/store" }

        init(_ folders: [String]) throws {
            for folder in folders.map({ checkout + "/" + $0 }) + [tree] {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                if folder != tree { try Data("x".utf8).write(to: URL(fileURLWithPath: folder + "/file")) }
            }
        }

        deinit { try? FileManager.default.removeItem(atPath: root) }

        func choose(_ names: [String], hidden: [String] = []) -> IgnoredFolders {
            let work = UncommittedWork(tree: nil, skipped: [], ignoredFolders: names)
            return IgnoredFolders(
                work, of: checkout, policy: SandboxPolicy(workingTree: tree, hiddenPaths: hidden.map { checkout + $0 }))
        }
    }

    @Test func `by-products, repositories, empty folders and what is hidden are left out`() throws {
        let names = ["deps", "a/__pycache__", "nested", "nested/.git", ".ssh", "keys", "keys/in", "b c/d"]
        let fixture = try Fixture(names)
        try FileManager.default.createDirectory(atPath: fixture.checkout + "/empty", withIntermediateDirectories: true)
        symlink(fixture.checkout + "/deps", fixture.checkout + "/link")
        let folders = fixture.choose(
            ["deps", "a/__pycache__", "nested", ".ssh", "keys", "b c/d", "empty", "link", "gone"],
            hidden: ["/.ssh", "/keys/in/file"])
        #expect(folders.names == ["deps", "b c/d"])
        #expect(folders.omitted.count == 3)
    }

    @Test func `each gets a place in the tree and one for changes, and those in the way are left alone`() throws {
        let fixture = try Fixture(["deps", "a/b/deps", "file", "link", "full"])
        try Data().write(to: URL(fileURLWithPath: fixture.tree + "/file"))
        symlink("/tmp", fixture.tree + "/link")
        try FileManager.default.createDirectory(atPath: fixture.tree + "/full/x", withIntermediateDirectories: true)
        let folders = fixture.choose(["deps", "a/b/deps", "file", "link", "full"])
        let overlays = try folders.lend(to: fixture.tree, store: fixture.store)
        #expect(overlays.map(\.path) == [fixture.tree + "/deps", fixture.tree + "/a/b/deps"])
        #expect(overlays.map(\.lower) == [fixture.checkout + "/deps", fixture.checkout + "/a/b/deps"])
        for overlay in overlays {
            let store = try #require(overlay.store)
            #expect(try FileManager.default.contentsOfDirectory(atPath: store).sorted() == ["upper", "work"])
        }
        IgnoredFolders.withdraw(overlays)
        #expect(!FileManager.default.fileExists(atPath: fixture.tree + "/deps"))
    }

    @Test func `without ignored folders nothing is made`() throws {
        let fixture = try Fixture(["deps"])
        #expect(try fixture.choose([]).lend(to: fixture.tree, store: fixture.store).isEmpty)
        #expect(!FileManager.default.fileExists(atPath: fixture.store))
    }
}
