import Foundation
import Patching
import Repository
import TestSupport
import Testing
import Text

/// Numbers that are the same in every run.
private struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}

@Suite struct IgnoreRulesTests {
    private func scanned(_ fixture: GitFixture, _ root: String) throws -> Set<BytePath> {
        let place = try WorkingTree(
            inPlace: try fixture.open(), branch: "graft/1", privateFolder: try fixture.privateFolder())
        #expect(place.root == root)
        return Set(try place.scan().files.filter { $0.kind == .added }.map(\.path))
    }

    private func asGit(_ fixture: GitFixture) throws -> Set<BytePath> {
        let list = try fixture.git("ls-files", "--others", "--exclude-standard", "-z")
        return Set(list.split(separator: "\0").map { BytePath($0) })
    }

    private static let rules = [
        "*.log", "/a", "a/", "a/b", "/a/b/", "**/b", "a/**", "a/**/b", "**", "*", "*/", "/*", "a*b", "a?b", "?",
        "[ab]", "[!ab]", "[^a]*", "[a-c]x", "[]a]", "[a-]", "[[:alpha:]]", "[[:digit:]x]", "[[:nope:]]", "[a", "\\*",
        "\\#x", "#x", "\\!x", "x\\ ", "x ", "x  \\  ", "a\\", "**a", "a**", "a/**b", "**/a/**", "a/*/b", "*\n!a",
        "*\n!*/\n!b", "a\r\nb", "\u{FEFF}a", "/", "//a", "!", "a/b/\n!a/b/c", "*.l[o]g", "***", "a/***/b", "[a-\\c]",
        "[\\]]", "é", "*b*x*", "a//b", " a", "/**/b", "[[:punct:]]", "*[!a]", "b/../a", "./a",
    ]

    @Test func `a rule means what it means to git`() throws {
        let fixture = try GitFixture(["tracked": "t"])
        let names = ["a", "b", "ab", "a.log", "axb", "x", "c", "1", "-", "]", "*", "#x", "!x", "x ", "é", "bxx", "log"]
        for name in names { try fixture.write(name == "b" ? "b/b" : name == "a" ? "a/a" : name, "x") }
        for path in ["a/b/c", "a/b/a.log", "a/x/b/b", "a/c/d/b", "b/a/x", "b/a.log", "cx/a", "c1/b/a/b", "a/xb"] {
            try fixture.write(path, "x")
        }
        try fixture.git("branch", "graft/1")
        for rules in Self.rules {
            try fixture.write(".gitignore", rules)
            #expect(try scanned(fixture, fixture.root) == (try asGit(fixture)), "\(rules.debugDescription)")
        }
    }

    @Test(arguments: 0..<12) func `files of rules at every depth add up as for git`(_ seed: Int) throws {
        var dice = Dice(state: UInt64(seed))
        let fixture = try GitFixture(["tracked": "t", "a/b/tracked": "t"])
        try fixture.git("branch", "graft/1")
        let names = ["a", "b", "c", "d.x", "e.y", "keep"]
        func path() -> String {
            (0...Int.random(in: 0...3, using: &dice)).map { _ in names.randomElement(using: &dice) ?? "a" }
                .joined(separator: "/")
        }
        for _ in 0..<60 {
            let path = path()
            // Where a file is in the way of a folder, or the other way round, there is one file less.
            let folder = ("\(fixture.root)/\(path)" as NSString).deletingLastPathComponent
            try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            _ = FileManager.default.createFile(atPath: "\(fixture.root)/\(path)", contents: Data("x".utf8))
        }
        let shapes = [
            "*.x", "!*.x", "/a/", "b", "!b", "**/c", "!/a/b", "keep", "!keep", "a/*", "*", "!*/", "e.?", "!a/",
        ]
        func rules() -> String {
            (0...Int.random(in: 0...3, using: &dice)).map { _ in shapes.randomElement(using: &dice) ?? "" }
                .joined(separator: "\n") + "\n"
        }
        for folder in ["", "a/", "b/", "a/b/", "c/a/"] where Bool.random(using: &dice) {
            try? rules().write(
                toFile: "\(fixture.root)/\(folder).gitignore", atomically: false, encoding: .utf8)
        }
        try fixture.write(".git/info/exclude", rules())
        try fixture.write("user-rules", rules(), at: fixture.folder)
        try fixture.git("config", "core.excludesFile", fixture.folder + "/user-rules")
        #expect(try scanned(fixture, fixture.root) == (try asGit(fixture)))
    }

    @Test func `rules that a sparse checkout leaves out still count`() throws {
        let fixture = try GitFixture(["in/a": "1", "out/.gitignore": "*.x\n", "out/b": "2"])
        try fixture.git("sparse-checkout", "set", "--no-cone", "/in/")
        try fixture.git("branch", "graft/1")
        try fixture.write("out/new.x", "x")
        try fixture.write("out/new.y", "y")
        #expect(try scanned(fixture, fixture.root) == ["out/new.y"])
        #expect(try asGit(fixture) == ["out/new.y"])
        // What is outside the checkout is not deleted either.
        let place = try WorkingTree(
            inPlace: try fixture.open(), branch: "graft/1", privateFolder: try fixture.privateFolder())
        #expect(try place.scan().files.map(\.path) == ["out/new.y"])
    }

    @Test func `a pattern with many stars takes no longer for it`() throws {
        let fixture = try GitFixture(["tracked": "t"])
        try fixture.git("branch", "graft/1")
        try fixture.write(
            ".gitignore", String(repeating: "a*", count: 100) + "b\n" + String(repeating: "**/", count: 50) + "b\n")
        try fixture.write(String(repeating: "a", count: 200), "x")
        try fixture.write(String(repeating: "a/", count: 100) + "x", "x")
        #expect(try scanned(fixture, fixture.root).count == 3)
    }
}
