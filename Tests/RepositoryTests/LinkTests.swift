import Foundation
import Repository
import TestSupport
import Testing
import Text

/// Reading through links of a commit.
@Suite struct LinkTests {
    private let fixture: GitFixture

    init() throws {
        fixture = try GitFixture(["a/file": "text\n"])
        for (name, target) in [
            ("near", "a/file"), ("a/up", "../a/./file"), ("twice", "near"), ("out", "../../etc/passwd"),
            ("absolute", "/etc/passwd"), ("nowhere", "a/none"), ("circle", "circle"), ("folder", "a"), ("root", "."),
        ] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(fixture.root)/\(name)", withDestinationPath: target)
        }
        try fixture.commit("Link")
    }

    private func read(_ path: BytePath) throws -> String? {
        let repository = try fixture.open()
        let head = try #require(try repository.head.commit)
        return try repository.contents(followingLinks: path, in: head).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: ["a/file", "near", "a/up", "twice"] as [BytePath])
    func `a link is followed in the tree`(path: BytePath) throws {
        #expect(try read(path) == "text\n")
    }

    @Test(arguments: ["out", "absolute", "nowhere", "circle", "folder", "root", "a"] as [BytePath])
    func `a link to no file of the tree is refused`(path: BytePath) {
        let error = #expect(throws: RepositoryError.self) { try read(path) }
        #expect(error?.code == .notARegularFile)
    }

    @Test func `where nothing is, nothing is read`() throws {
        #expect(try read("none") == nil)
        #expect(try read("a/file/none") == nil)
    }
}
