import JSON
import Repository
import Testing
import Transport

@testable import Publishing

private func commit(_ digit: Character) throws -> CommitID {
    try #require(CommitID(String(repeating: digit, count: 40)))
}

struct RequestTextTests {
    @Test func `a text tells its session and its commit, and the report stands below`() throws {
        let text = try RequestText.text(session: "20260101-000000-abcd", head: commit("a"), report: "Report.\n")
        #expect(RequestText.session(of: text) == "20260101-000000-abcd")
        #expect(try RequestText.head(of: text) == commit("a"))
        #expect(text.hasSuffix("\n\nReport.\n"))
        #expect(RequestText.session(of: "Written by hand.") == nil)
    }

    @Test(arguments: [
        ("", ""), ("By hand.", "By hand.\n\n"), ("Above.\r\n\r\n<!-- graft-session: x -->\r\nold", "Above.\n\n"),
        ("<!-- graft-session: x -->\nold", ""), (" \n\n<!-- graft-session: x -->\nold", ""),
    ]) func `what a person wrote above the marks stays`(_ old: String, _ kept: String) throws {
        let own = try RequestText.text(session: "s", head: commit("a"), report: "New.\n")
        let text = try RequestText.text(session: "s", head: commit("a"), report: "New.\n", over: old)
        #expect(text == kept + own)
        #expect(try RequestText.text(session: "s", head: commit("a"), report: "New.\n", over: text) == text)
    }

    @Test(arguments: [
        (["Mend it"], "make test", nil, "Mend it"), (["A", "B"], "make test", nil, "Make make test pass"),
        (["A", "B"], nil, "Add a flag\nand more", "Add a flag"), (["A", "B"], nil, nil, "A"),
        ([], nil, nil, "Mend what failed"),
        (["A\u{1B}[31m  b"], nil, nil, "A b"), (["One", "B"], String(repeating: "x", count: 200), nil, "One"),
    ]) func `the title says what the commits do`(
        _ subjects: [String], _ command: String?, _ task: String?, _ title: String
    ) {
        #expect(RequestText.title(subjects: subjects, command: command, task: task) == title)
    }

    @Test func `GitLab is given no orders`() throws {
        let place = try ForgePlace(
            #require(RemoteAddress("git@gitlab.com:a/b")), kind: nil, environment: [:], remote: "origin")
        let draft = RequestDraft(
            title: "T", body: "/merge\n  /close now\n> /approve\n/ no\nsee /usr/bin\n", head: "h", base: "b",
            isDraft: true,
            labels: [])
        let json = try JSON(GitLab(place: place).createCall(draft).body)
        #expect(
            json["description"]?.string
                == "\u{200B}/merge\n  \u{200B}/close now\n> \u{200B}/approve\n/ no\nsee /usr/bin\n")
        #expect(json["title"]?.string == "Draft: T")
    }

    @Test func `a request that is as it should be needs no call`() throws {
        let place = try ForgePlace(
            #require(RemoteAddress("git@github.com:a/b")), kind: nil, environment: [:], remote: "origin")
        let draft = RequestDraft(title: "T", body: "B\n", head: "h", base: "b", isDraft: false, labels: [])
        func request(_ title: String, _ body: String, _ base: String) -> ForgeRequest {
            ForgeRequest(
                number: 1, url: "", state: .open, title: title, body: body, base: base, isDraft: false, labels: [])
        }
        let forge = GitHub(place: place)
        #expect(forge.updateCall(request("T", "B\r\n", "b"), draft) == nil)
        let call = try #require(forge.updateCall(request("T", "C", "b"), draft))
        #expect(String(decoding: call.body, as: UTF8.self) == #"{"body":"B\n"}"#)
        #expect(call.url.description == "https://api.github.com/repos/a/b/pulls/1")
    }

    @Test(arguments: [
        (".github/workflows/ci.yml", true), (".GitHub/Workflows/x", true), (".gitlab-ci.yml", true),
        ("Jenkinsfile", true),
        ("docs/.gitlab-ci.yml", false), (".github/CODEOWNERS", false), ("src/action.yml", false), ("action.yml", true),
    ]) func `files that tell a CI system what to run are known`(_ path: String, _ isOne: Bool) {
        #expect(PublishableSeries.isDefinition(path) == isOne)
    }

    @Test(arguments: [
        ("graft/20260101-000000-abcd", true), ("a", true), ("", false), ("-a", false), ("a..b", false), ("a b", false),
        ("a/", false), ("/a", false), ("a//b", false), ("a.lock", false), (".a", false), ("a@{b", false), ("@", false),
        ("HEAD", false), ("a:b", false), ("a\u{7F}", false), ("ü", true), ("a*", false),
    ]) func `names of branches are git's`(_ name: String, _ isOne: Bool) {
        #expect(GitRepository.isBranchName(name) == isOne)
    }
}
