import Foundation
import Repository
import TestSupport
import Testing

@testable import Workspace

@Suite struct ShownSettingsTests {
    private static func setting(_ name: String, _ value: String?) -> GitSetting {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        return GitSetting(
            section: parts[0], subsection: parts.count > 2 ? parts[1..<parts.count - 1].joined(separator: ".") : nil,
            key: parts[parts.count - 1], value: value)
    }

    @Test(arguments: [
        ("http.https://github.com/.extraheader", "AUTHORIZATION: basic c2VjcmV0"), ("http.extraheader", "x"),
        ("http.proxy", "http://p:3128"), ("http.cookiefile", "/c"), ("credential.helper", "store"),
        ("credential.https://h.username", "u"), ("core.sshcommand", "ssh -i key"), ("core.askpass", "/a"),
        ("core.gitproxy", "p"), ("core.worktree", "/elsewhere"), ("core.hookspath", "/h"), ("core.fsmonitor", "/f"),
        ("url.https://user:pw@h/.insteadof", "https://h/"), ("url.https://token@h/.insteadof", "git@h:"),
        ("url.x.insteadof", "https://u:p@h/?token=1"), ("sendemail.smtppass", "p"), ("include.path", "/i"),
        ("includeif.gitdir:/x/.path", "/i"), ("alias.x", "!curl -H token"), ("imap.pass", "p"), ("gitlab.token", "t"),
        ("user.signingkey", "k"), ("commit.gpgsign", "true"), ("lfs.https://u:p@h.access", "basic"),
        ("remote.origin.vcs", "x"), ("remote.origin.proxy", "http://u:p@h"), ("core.apitoken", "t"),
        ("remote.origin.url", "https://h/r?access_token=1"), ("trailer.x.command", "c"), ("svn.password", "p"),
        ("branch.main.description", "password: x"), ("submodule.https://u:p@h.url", "x"),
    ])
    func `what can hold a secret is not shown`(_ name: String, _ value: String) {
        #expect(ShownSettings.shown([Self.setting(name, value)]) == [])
    }

    @Test(arguments: [
        ("core.bare", "false"), ("core.autocrlf", "input"), ("extensions.worktreeconfig", "true"),
        ("remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*"), ("branch.main.merge", "refs/heads/main"),
        ("user.email", "ada@example.org"), ("safe.directory", "*"), ("init.defaultbranch", "main"),
        ("filter.lfs.process", "git-lfs filter-process"), ("diff.renames", "copies"), ("merge.conflictstyle", "zdiff3"),
        ("submodule.a.b.active", "true"), ("url./mirror/.insteadof", "https://github.com/"),
        ("url.git@h:.insteadof", "https://h/"), ("remote.origin.url", "git@github.com:o/r.git"),
        ("remote.origin.url", "ssh://git@h:22/o/r"), ("remote.origin.url", "/srv/r.git"),
    ])
    func `what git needs is shown as it is`(_ name: String, _ value: String) {
        let setting = Self.setting(name, value)
        #expect(ShownSettings.shown([setting]) == [setting])
        #expect(!ShownSettings.holdSecrets([setting]))
    }

    @Test(arguments: [
        ("https://user:password@h/r.git", "https://h/r.git"), ("https://ghp_token@h/r.git", "https://h/r.git"),
        ("https://x-access-token:t@h:8443/r", "https://h:8443/r"), ("ssh://git:pw@h/r", "ssh://git@h/r"),
        ("git+ssh://me@h/r", "git+ssh://me@h/r"), ("https://h/a@b", "https://h/a@b"),
        ("https://a@b@h/r", "https://h/r"),
        ("ext::x https://u:p@h/ y://k@z", "ext::x https://h/ y://z"),
    ])
    func `URLs lose names and passwords`(_ url: String, _ plain: String) {
        let shown = ShownSettings.shown([Self.setting("remote.origin.url", url)])
        #expect(shown.map(\.value) == [plain])
        #expect(ShownSettings.holdSecrets([Self.setting("remote.origin.url", url)]) == (url != plain))
    }

    @Test func `git reads what is written as it was read`() throws {
        let fixture = try GitFixture()
        let values = ["plain", " space ", "a\"b\\c", "tab\there", "two\nlines", "# no comment ; here", "é\u{301}", ""]
        for (number, value) in values.enumerated() { try fixture.git("config", "diff.x\(number).xfuncname", value) }
        try fixture.git("config", "branch.a \"b\\c.d]e.merge", "refs/heads/x")
        try fixture.write(".git/more", "[core]\n\tsparseCheckout\n[Branch \"Q\"]\n merge = a \\\n  b ; comment\n")
        try fixture.git("config", "include.path", "more")
        let path = fixture.root + "/.git/config"
        let repository = try fixture.open()
        let file = try #require(GitSettingsFile(path, of: { repository }, home: fixture.folder))
        #expect(file.includes == [fixture.root + "/.git/more"])
        try fixture.write("copy", GitSettingsFile.text(file.settings))
        func list(_ file: String, _ more: String) throws -> [Substring] {
            try fixture.git("config", "--file", file, more, "--list", "-z").split(separator: "\0")
                .filter { !$0.hasPrefix("include.path") }
        }
        let copy = try list(fixture.root + "/copy", "--no-includes")
        #expect(copy == (try list(path, "--includes")))
        #expect(copy.count > 15)
    }
}
