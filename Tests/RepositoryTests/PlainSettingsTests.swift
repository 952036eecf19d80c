import TestSupport
import Testing

@testable import Repository

@Suite struct `Settings that are written plainly` {
    static let plain = [
        "", "\n\n", "# comment\n; another\n\t # a third [x]\n",
        "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true\n",
        "[remote \"origin\"]\n\turl = https://user:pass@example.com/a/b.git?x=1&y=[2]\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n",
        "[Branch \"Topic/One.Two-3\"]\nMerge=refs/heads/x\n   REMOTE   =   origin   \n",
        "[user]\n\tname = Ada Lovelace\n\temail = <ada@example.com>\n[user]\n\tname = Bob\n",
        "[a]\n\tb\n\tc = d = e\n  [x-1 \"y z\"]  \n\tk9-x = v",
        "[alias]\n\tlg = log --format='%h %s' | cat\n\tx = !sh -c 'echo $1' -\n",
    ]

    static let others = [
        "[core]\n\ta = \"quoted\"\n", "[core]\n\ta = b # comment\n", "[core]\n\ta = b ; comment\n",
        "[core]\n\ta = b\\\n c\n", "[core]\n\ta = b\\tc\n", "[core] a = b\n", "[core] # comment\n",
        "[branch.name]\n\ta = b\n",
        "[a \"b\\\"c\"]\n\td = e\n", "[a \"\"]\n\td = e\n", "[a\"b\"]\n\tc = d\n", "[include]\n\tpath = x\n",
        "[includeIf \"gitdir:~/x/\"]\n\tpath = x\n", "[core]\n\ta = b\r\n", "\u{FEFF}[core]\n", "[core]\n\ta = é\n",
        "a = b\n", "[core]\n\t1a = b\n", "[core]\n\ta_b = c\n", "[core]\n\ta b\n", "[core\n", "[]\n", "[core]\n\ta =\n",
        "[core]\n\ta = b  c\n", "[core]\n\ta = b\tc\n", "[core]]\n", "[a \"b\" ]\n",
    ]

    /// What `git config --list` says of a file, as full names with values.
    private static func list(_ text: String, _ fixture: GitFixture) throws -> [String] {
        try fixture.write("settings", text)
        return try fixture.git("config", "--file", fixture.root + "/settings", "--list", "-z")
            .split(separator: "\0").map(String.init)
    }

    private static func listed(_ settings: [GitSetting]) -> [String] {
        settings.map { setting in
            [setting.section, setting.subsection, setting.key].compactMap(\.self).joined(separator: ".")
                + (setting.value.map { "\n\($0)" } ?? "")
        }
    }

    @Test(arguments: plain) func `are read as git reads them`(_ text: String) throws {
        let fixture = try GitFixture([:])
        let found = try #require(PlainSettings.read(Array(text.utf8)))
        #expect(Self.listed(found) == (try Self.list(text, fixture)))
    }

    @Test(arguments: others) func `are no others`(_ text: String) {
        #expect(PlainSettings.read(Array(text.utf8)) == nil)
    }

    @Test func `are, where they are read at all, those of libgit2`() throws {
        let fixture = try GitFixture([:])
        let parts =
            Self.plain + Self.others.filter { $0.hasPrefix("[") && $0.hasSuffix("\n") } + [
                "[", "]", "\"", "=", " ", "\n", "x",
            ]
        var random = SeededRandom(state: 5)
        var read = 0
        for _ in 0..<400 {
            let text = (0..<Int.random(in: 1...4, using: &random)).map { _ in parts.randomElement(using: &random) ?? ""
            }.joined()
            guard let found = PlainSettings.read(Array(text.utf8)) else { continue }
            read += 1
            try fixture.write("settings", text)
            // An inclusion of nothing makes libgit2 read the rest.
            try fixture.write("included", "[include]\n\tpath = settings\n")
            let file = try #require(
                GitSettingsFile(fixture.root + "/included", of: { nil }, home: fixture.folder),
                "\(text.debugDescription)")
            #expect(file.settings.filter { $0.section != "include" } == found, "\(text.debugDescription)")
        }
        #expect(read > 40)
    }
}
