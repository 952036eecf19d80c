import Foundation
import Repository
import TestSupport
import Testing
import Text

/// Two states of a repository and what lies between them.
private struct Change {
    let fixture: GitFixture
    let repository: GitRepository
    let old: TreeID
    let new: TreeID

    init(from: [String: String], to change: (GitFixture) throws -> Void) throws {
        fixture = try GitFixture(from)
        old = try Self.tree(fixture)
        try change(fixture)
        try fixture.git("add", "-A")
        try fixture.git("commit", "-q", "--allow-empty", "-m", "Change")
        new = try Self.tree(fixture)
        repository = try fixture.open()
    }

    private static func tree(_ fixture: GitFixture) throws -> TreeID {
        try #require(TreeID(fixture.git("rev-parse", "HEAD^{tree}").trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    func text(_ path: String, in tree: TreeID) throws -> String { try fixture.git("show", "\(tree.hex):\(path)") }
}

private let numbers = (1...60).map { "line \($0)\n" }.joined()

@Suite struct TreeDiffTests {
    @Test func `a file has its lines, numbers and headings`() throws {
        let change = try Change(from: ["a.c": "int f() {\n  1;\n  2;\n  3;\n  4;\n  5;\n}\n"]) {
            try $0.write("a.c", "int f() {\n  1;\n  2;\n  3;\n  4;\n  six;\n  7;\n}\n")
        }
        let file = try #require(try change.repository.treeDiff(from: change.old, to: change.new).files.first)
        #expect((file.path, file.kind, file.addedLines, file.removedLines) == ("a.c", .modified, 2, 1))
        let hunk = try #require(file.hunks.first)
        #expect((hunk.oldStart, hunk.oldCount, hunk.newStart, hunk.newCount) == (3, 5, 3, 6))
        #expect(hunk.heading == "int f() {")
        #expect(hunk.lines.map(\.text) == ["  2;", "  3;", "  4;", "  5;", "  six;", "  7;", "}"])
        #expect(hunk.lines.map(\.oldNumber) == [3, 4, 5, 6, nil, nil, 7])
        #expect(hunk.lines.map(\.newNumber) == [3, 4, 5, nil, 6, 7, 8])
    }

    @Test func `each hunk is a piece, and a file that is more than text is one`() throws {
        let change = try Change(from: ["many": numbers, "gone": "g\n", "run": "r\n", "moved": numbers + "m\n"]) {
            try $0.write(
                "many", numbers.replacingOccurrences(of: "line 5\n", with: "").replacing("line 40\n", with: "x\n"))
            try $0.remove("gone")
            try $0.git("mv", "moved", "there")
            try $0.write("new", "a\n")
            try $0.git("add", "run")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: $0.root + "/run")
            try Data([0, 1, 2]).write(to: URL(fileURLWithPath: $0.root + "/bytes"))
        }
        let diff = try change.repository.treeDiff(from: change.old, to: change.new)
        let pieces = diff.pieces.map { "\($0.id) \(diff.files[$0.file].path) \($0.hunk.map(String.init) ?? "all")" }
        #expect(
            pieces == ["1 bytes all", "2 gone all", "3 many 0", "4 many 1", "5 new all", "6 run all", "7 there all"])
        #expect(diff.files.map(\.kind) == [.added, .deleted, .modified, .added, .modified, .renamed])
        #expect(diff.files[0].isBinary)
        #expect(diff.files[4].newMode == 0o100755)
        #expect(diff.files[5].oldPath == "moved")
        let plain = try change.repository.treeDiff(from: change.old, to: change.new, findsRenames: false)
        #expect(plain.files.map(\.path).contains("moved"))
    }

    @Test func `some hunks give exactly these changes`() throws {
        let change = try Change(from: ["a": numbers]) {
            let text = numbers.replacing("line 2\n", with: "two\n").replacing("line 30\n", with: "")
            try $0.write("a", text + "end")
        }
        let diff = try change.repository.treeDiff(from: change.old, to: change.new)
        #expect(diff.pieces.count == 3)
        let last = try change.repository.tree(taking: [3], of: diff)
        #expect(try change.text("a", in: last) == numbers + "end")
        let outer = try change.repository.tree(taking: [1, 3], of: diff)
        #expect(try change.text("a", in: outer) == numbers.replacing("line 2\n", with: "two\n") + "end")
    }

    @Test func `all pieces give the tree after and no piece the tree before`() throws {
        let change = try Change(from: ["a": numbers, "b/c": "1\r\n2\r\n", "d": "x", "e": ""]) {
            try $0.write("a", "first\n" + numbers.replacing("line 30\n", with: ""))
            try $0.write("b/c", "1\r\n2\n")
            try $0.remove("d")
            try $0.write("d/e", "a folder now\n")
            try $0.write("e", "text")
        }
        for findsRenames in [true, false] {
            let diff = try change.repository.treeDiff(from: change.old, to: change.new, findsRenames: findsRenames)
            #expect(try change.repository.tree(taking: Set(diff.pieces.map(\.id)), of: diff) == change.new)
            #expect(try change.repository.tree(taking: [], of: diff) == change.old)
        }
    }

    @Test func `pieces taken one after the other end at the tree after`() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20 {
            var lines = (0..<80).map { "\($0)" }
            let change = try Change(from: ["a": lines.map { $0 + "\n" }.joined(), "b": "b"]) {
                for _ in 0..<Int.random(in: 1...8, using: &random) {
                    let place = Int.random(in: 0..<lines.count, using: &random)
                    if Bool.random(using: &random) { lines.remove(at: place) } else { lines.insert("+", at: place) }
                }
                try $0.write("a", lines.map { $0 + "\n" }.joined())
                try $0.write("b", "b\n")
            }
            let diff = try change.repository.treeDiff(from: change.old, to: change.new, findsRenames: false)
            var taken: Set<Int> = []
            var tree = change.old
            for piece in diff.pieces.map(\.id).shuffled(using: &random) {
                taken.insert(piece)
                let next = try change.repository.tree(taking: taken, of: diff)
                #expect(next != tree)
                tree = next
            }
            #expect(tree == change.new)
        }
    }
}
