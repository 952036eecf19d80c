import TestSupport
import Testing

@testable import Configuration

@Suite struct `The rules for CI` {
    private func settings(_ text: String) throws -> Settings { try Settings(toml: text, name: "f") }

    private func complaint(about text: String) throws -> String {
        try #require(#expect(throws: ConfigurationError.self) { try settings(text) }).message
    }

    @Test(arguments: CISettings.Key.allCases.map(\.rawValue))
    func `are read key by key, and proposed for a typo`(_ key: String) throws {
        #expect(try !complaint(about: "[ci]\n\(key) = {}").contains("unknown key"))
        #expect(try complaint(about: "[ci]\n\(key)x = 1").contains("did you mean ci.\(key)?"))
    }

    @Test func `have their values`() throws {
        let ci = try settings(
            """
            [ci]
            attempts = 2
            protected_branches = ["trunk", "refs/heads/v*"]
            skip = ["drafts"]
            label = "no robots"
            stop_if_moved = true
            keep = "14d"
            """
        ).ci
        #expect(ci.attempts == 2)
        #expect(ci.protectedBranches?.map(\.text) == ["trunk", "v*"])
        #expect(ci.skips == [.drafts])
        #expect(ci.label == "no robots")
        #expect(ci.stopsIfMoved == true)
        #expect(ci.keep == .within(.seconds(14 * 86400)))
        #expect(try settings("ci.keep = 7").ci.keep == .newest(7))
    }

    @Test(arguments: [
        "attempts = 0", "attempts = \"2\"", "skip = [\"all\"]", "label = \" \"", "protected_branches = [\"a b\"]",
        "protected_branches = \"main\"", "keep = 0", "keep = \"\"", "keep = \"-3\"", "keep = \"soon\"",
        "stop_if_moved = 1",
    ])
    func `refuse other values`(_ line: String) throws {
        #expect(try complaint(about: "[ci]\n\(line)").contains("ci.\(line.prefix { $0 != " " }) must be"))
    }

    @Test func `of a repository only add`() throws {
        let theirs = try settings(
            """
            [ci]
            protected_branches = ["dev"]
            skip = []
            stop_if_moved = false
            keep = 1
            attempts = 3
            """
        ).narrowedToRepository.ci
        #expect(theirs.protects("dev") && theirs.protects("main") && theirs.protects("release/1"))
        #expect(theirs.skips == nil && theirs.stopsIfMoved == nil && theirs.keep == nil)
        #expect(theirs.attempts == 3)
        let own = try settings("ci.protected_branches = [\"trunk\"]\nci.attempts = 1").ci.over(theirs)
        #expect(own.protects("trunk") && own.protects("dev") && own.protects("main"))
        #expect(own.attempts == 1)
    }

    @Test func `protect the usual branches where none are named`() {
        let ci = CISettings()
        for name in ["main", "master", "release/1.2", "release/1/hotfix", "refs/heads/main"] {
            #expect(ci.protects(name), "\(name)")
        }
        for name in ["maintenance", "feature", "graft/x", "my/main", "release", "releases/1", ""] {
            #expect(!ci.protects(name), "\(name)")
        }
    }

    @Test(arguments: [
        ("*", "anything/at/all", true), ("a*b*c", "a-b-b-c", true), ("a*b*c", "a-b-b", false), ("v?.?", "v1.2", true),
        ("v?.?", "v1.22", false), ("**", "", true), ("a", "", false), ("*main", "main", true), ("ma*in", "main", true),
        ("ä*", "äö", true), ("a*a*a*a*a*a*a*a*a*b", String(repeating: "a", count: 200), false),
    ])
    func `match branches by patterns`(_ pattern: String, _ name: String, _ isMeant: Bool) throws {
        #expect(try #require(BranchPattern(pattern)).matches(name) == isMeant)
    }
}

@Suite struct `Fixers` {
    @Test func `keep the order of the file`() throws {
        let settings = try Settings(toml: "[fixers]\nz = \"make z\"\na-1 = \"make a\"", name: "f")
        #expect(settings.fixers == [Fixer(name: "z", line: "make z"), Fixer(name: "a-1", line: "make a")])
        #expect(settings.narrowedToRepository.fixers == settings.fixers)
        #expect(try Settings(toml: "model = \"m\"", name: "f").fixers == nil)
    }

    @Test(arguments: ["a = 1", "a = \"\"", "a = \"  \"", "\"\" = \"x\"", "\"a b\" = \"x\"", "\"a\\nb\" = \"x\""])
    func `refuse what cannot be run or named`(_ line: String) {
        #expect(throws: ConfigurationError.self) { try Settings(toml: "[fixers]\n\(line)", name: "f") }
    }
}
