import Foundation
import Testing

@testable import Sandbox

/// Commands in a closed home folder, on every rung that the machine has.
@Suite(.serialized) struct HomeTests {
    private func run(
        _ line: String, _ rung: Rung, _ home: HomeFixture, _ policy: SandboxPolicy, path: [String] = []
    ) async throws -> CommandResult? {
        var policy = policy
        let temporary = home.fixture.root + "/private"
        try? FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
        policy.temporaryFolder = temporary
        guard let sandbox = try? await Sandbox.probe(policy: policy, searchPath: "/usr/bin:/bin", rungs: [rung]) else {
            return nil
        }
        var environment = SandboxEnvironment(["HOME": home.home])
        environment["PATH"] = (path.map { "\(home.home)/\($0)" } + ["/usr/bin", "/bin"]).joined(separator: ":")
        return await sandbox.run(CommandRequest(.shell(line), environment: environment, timeout: .seconds(60)))
    }

    @Test(arguments: Rung.ladder, ["/tmp", Fixture.home])
    func `programs work and everything else is missing`(_ rung: Rung, _ place: String) async throws {
        let home = try HomeFixture(root: place)
        try home.program("apps/v1/bin/one")
        try home.program(".newtool/bin/two")
        try home.link("apps/current", to: "v1")
        try home.link("bin/one", to: "../apps/current/bin/one")
        try home.write(".newtool/credentials", ".m2/settings.xml", ".m2/repository/x", "Documents/taxes.txt")
        let policy = home.policy(path: ["~/bin", "~/.newtool/bin"])
        let line = """
            one; two; cat ~/.m2/repository/x; echo; echo mine > ~/.newrc && cat ~/.newrc
            for name in .newtool/credentials .m2/settings.xml Documents/taxes.txt; do
                cat ~/$name 2>&1 | grep -c 'No such file'
                cat \(home.home)/$name 2>/dev/null
            done
            true
            """
        guard let result = try await run(line, rung, home, policy, path: ["bin", ".newtool/bin"]) else { return }
        #expect(
            result.stdout.text == "apps/v1/bin/one\n.newtool/bin/two\n.m2/repository/x\nmine\n1\n1\n1\n",
            "\(rung) \(result.stderr.text)")
        #expect(home.fixture.text(home.home + "/.newrc") == nil)
    }

    @Test(arguments: Rung.ladder, ["/tmp", "/var/tmp", Fixture.home])
    func `of the home around a working tree nothing is shown, wherever it lies`(
        _ rung: Rung, _ place: String
    ) async throws {
        let home = try HomeFixture(root: place)
        try home.write(".ssh/id", "Documents/taxes.txt", "work/other/file", "work/repository/file", "top.txt")
        var policy = home.policy()
        policy.workingTree = home.home + "/work/repository"
        let line = """
            cat file; echo; echo new > own && cat own
            for name in .ssh/id Documents/taxes.txt work/other/file top.txt; do
                cat \(home.home)/$name ~/$name ../../$name /proc/self/root\(home.home)/$name 2>/dev/null
                ln \(home.home)/$name stolen 2>/dev/null && cat stolen
                mv \(home.home)/$name moved 2>/dev/null && cat moved
            done
            true
            """
        guard let result = try await run(line, rung, home, policy) else { return }
        #expect(result.stdout.text == "work/repository/file\nnew\n", "\(rung) \(result.stderr.text)")
        #expect(home.fixture.text(home.home + "/.ssh/id") == ".ssh/id")
    }

    @Test(arguments: Rung.ladder)
    func `git works without the user's settings`(_ rung: Rung) async throws {
        let home = try HomeFixture(root: Fixture.home)
        try home.write(".gitconfig")
        try home.fixture.write("[core]\n\trepositoryformatversion = 0\n", to: home.fixture.tree + "/.git/config")
        for folder in ["objects", "refs"] {
            try FileManager.default.createDirectory(
                atPath: "\(home.fixture.tree)/.git/\(folder)", withIntermediateDirectories: true)
        }
        try home.fixture.write("x", to: home.fixture.tree + "/new")
        let line = "git status --short; git config --list --show-origin | grep -c '/\\.gitconfig'; true"
        guard let result = try await run(line, rung, home, home.policy()) else { return }
        #expect(result.stdout.text == "?? new\n0\n", "\(rung) \(result.stderr.text)")
    }

    @Test(arguments: Rung.ladder)
    func `a secret in a folder that is shown or can be changed is hidden`(_ rung: Rung) async throws {
        let home = try HomeFixture(root: Fixture.home)
        try home.write("open/a", "open/key", "open/deep/key", "open/deep/b", "changed/a", "changed/key")
        var policy = home.policy()
        policy.readablePaths = [home.home + "/open"]
        policy.writablePaths = [home.home + "/changed"]
        policy.hiddenPaths += ["open/key", "open/deep/key", "changed/key"].map { "\(home.home)/\($0)" }
        let line =
            "cd \(home.home); for name in open/a open/key open/deep/b open/deep/key changed/a changed/key; do "
            + "cat $name 2>/dev/null && echo; done; echo x > open/a; echo x > changed/a; true"
        guard let result = try await run(line, rung, home, policy) else { return }
        let lines = result.stdout.text.split(separator: "\n").map(String.init)
        #expect(lines == ["open/a", "open/deep/b", "changed/a"], "\(rung) \(result.stderr.text)")
        #expect(home.fixture.text(home.home + "/open/a") == "open/a")
        #expect(home.fixture.text(home.home + "/changed/a") == "x\n")
    }

    @Test func `what stands in for a home is not made anew and follows no link`() async throws {
        let home = try HomeFixture(root: Fixture.home)
        try home.write(".cache/pip/x")
        let temporary = home.fixture.root + "/private"
        try home.fixture.write("x", to: home.fixture.root + "/elsewhere/x")
        try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: temporary + "/.home", withDestinationPath: home.fixture.root + "/elsewhere")
        let policy = home.policy()
        _ = try await run("true", .landlock, home, policy)
        let names = try FileManager.default.contentsOfDirectory(atPath: home.fixture.root + "/elsewhere")
        #expect(names == ["x"])
    }
}
