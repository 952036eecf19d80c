import Foundation
import Testing

@testable import Sandbox

/// Which folders of a home are shown; `HomeTests` runs commands.
@Suite struct HomeAccessTests {
    @Test func `tools and caches are shown without what logs in`() throws {
        let home = try HomeFixture()
        try home.write(
            ".cargo/bin/cargo", ".cargo/registry/x", ".cargo/config.toml", ".cargo/credentials",
            ".rustup/settings.toml",
            ".pyenv/version", ".m2/repository/x", ".m2/settings.xml", ".gradle/caches/x", ".gradle/gradle.properties",
            ".cache/pip/x", ".cache/newtool/x", ".cache/huggingface/hub/x", ".cache/huggingface/token", "go/pkg/mod/x",
            "go/src/private/x", ".nuget/packages/x", ".nuget/NuGet/NuGet.Config", ".dotnet/sdk/x", ".dotnet/corefx/key",
            "sdk/go1.24/bin/go", "sdk/notes", ".local/bin/x", ".local/share/keyrings/x", "Documents/x", ".zshrc")
        #expect(
            home.opened() == [
                "~/.cache/huggingface/hub", "~/.cache/pip", "~/.cargo/bin", "~/.cargo/registry", "~/.dotnet/sdk",
                "~/.gradle/caches", "~/.local/bin", "~/.m2/repository", "~/.nuget/packages", "~/.pyenv", "~/.rustup",
                "~/go/pkg", "~/sdk/go1.24",
            ])
    }

    @Test(
        arguments: [
            // A folder of the search path alone, with what installations have, or whole where it is known.
            (["~/bin"], ["bin/x", "x"], ["~/bin"]),
            (["~/.newtool/bin"], [".newtool/bin/x", ".newtool/credentials"], ["~/.newtool/bin"]),
            (["~/tool/bin"], ["tool/bin/x", "tool/lib/x", "tool/.env", "tool/src/x"], ["~/tool/bin", "~/tool/lib"]),
            (["~/jdk/bin"], ["jdk/bin/java", "jdk/jmods/x", "jdk/conf/x"], ["~/jdk"]),
            (["~/conda/condabin"], ["conda/condabin/conda", "conda/conda-meta/history"], ["~/conda"]),
            (["~/env/bin"], ["env/bin/python", "env/pyvenv.cfg"], ["~/env"]),
            (["~/p/node_modules/.bin"], ["p/node_modules/.bin/x", "p/.env"], ["~/p/node_modules"]),
            // What is not a place of programs.
            (["~/", "~", "", ".", "relative"], ["x"], []),
            (["~/.local", "~/.config", "~/.cache"], [".local/x", ".config/x", ".cache/x"], []),
        ])
    func `a folder of the search path is shown with its installation`(
        _ path: [String], _ files: [String], _ opened: [String]
    ) throws {
        let home = try HomeFixture()
        for file in files { try home.write(file) }
        #expect(home.opened(path: path) == opened)
    }

    @Test func `what links of the search path lead to is shown`() throws {
        let home = try HomeFixture()
        try home.program("apps/v1/bin/one")
        try home.write("apps/v1/lib/x", "apps/v1/secret", "Documents/x", "private/key", "private/y")
        try home.program("Documents/two")
        try home.link("apps/current", to: "v1")
        try home.link("bin/one", to: "../apps/current/bin/one")
        try home.link("bin/two", to: "\(home.home)/Documents/two")
        // No program.
        try home.link("bin/key", to: "../private/key")
        try home.link("bin/missing", to: "../private/missing")
        #expect(
            home.opened(path: ["~/bin"]) == ["~/Documents/two", "~/apps/v1/bin", "~/apps/v1/lib", "~/bin"])
        let plan = try MountPlan(home.policy(path: ["~/bin"]))
        #expect(plan.mounts.filter { $0.kind == .link }.map(\.path) == [home.home + "/apps/current"])
    }

    @Test func `variables name places of tools`() throws {
        let home = try HomeFixture()
        try home.write(
            "rust/bin/cargo", "rust/credentials.toml", "work/go/pkg/x", "work/go/src/x", "java/release",
            "venv/pyvenv.cfg",
            "lib/python/x", "elsewhere/x")
        #expect(
            home.opened([
                "CARGO_HOME": "~/rust", "GOPATH": "~/work/go:/missing", "JAVA_HOME": "~/java", "VIRTUAL_ENV": "~/venv",
                "PYTHONPATH": "~/lib/python:~/:", "SECRETS": "~/elsewhere",
            ]) == ["~/java", "~/lib/python", "~/rust/bin", "~/venv", "~/work/go/pkg"])
    }

    @Test func `the Python of a virtual environment is shown`() throws {
        let home = try HomeFixture()
        try home.program("opt/python/bin/python3")
        try home.write("opt/python/lib/os.py", "opt/python/notes", "Private/bin/x", "Private/lib/x")
        try home.fixture.write("home = \(home.home)/opt/python/bin\n", to: home.fixture.tree + "/.venv/pyvenv.cfg")
        // The tree may come from anybody: no program, nothing shown.
        try home.fixture.write("home = \(home.home)/Private/bin\n", to: home.fixture.tree + "/venv/pyvenv.cfg")
        try home.fixture.write("home = \(home.home)/Private\n", to: home.fixture.tree + "/env/pyvenv.cfg")
        var policy = SandboxPolicy(workingTree: home.fixture.tree)
        policy.closeHomes(environment: ["HOME": home.home, "PATH": "/bin"], projects: [home.fixture.tree])
        policy.closedFolders.removeAll { $0 != home.home }
        #expect(policy.openedPaths(home: home.home) == ["~/opt/python/bin", "~/opt/python/lib"])
    }

    @Test func `other homes are closed, the machine is not`() throws {
        let home = try HomeFixture()
        try home.write("config/x", "outside/x")
        func closed(_ variables: [String: String]) -> [String] {
            var policy = SandboxPolicy(workingTree: "/tmp")
            policy.closeHomes(environment: variables)
            return policy.closedFolders
        }
        let usual = closed(["HOME": home.home])
        #expect(usual.first == home.home)
        for folder in ["/home", "/root"] where FileManager.default.fileExists(atPath: folder) {
            #expect(usual.contains(folder))
        }
        for path in ["/", "/usr", "/usr/share", "/etc", "/tmp", "/missing", "", "relative", "/proc/self", "/bin"] {
            #expect(closed(["HOME": path, "XDG_DATA_HOME": path]) == closed(["HOME": "/missing"]), "\(path)")
        }
        // Settings elsewhere are closed, those in the home folder with it.
        #expect(closed(["HOME": home.home, "XDG_CONFIG_HOME": home.home + "/config"]) == usual)
        let outside = home.fixture.root + "/settings"
        try home.fixture.write("x", to: outside + "/gh/hosts.yml")
        #expect(closed(["HOME": home.home, "XDG_CONFIG_HOME": outside]) == usual + [outside])
    }

    @Test func `a policy opens and hides`() throws {
        let home = try HomeFixture()
        try home.write(
            ".m2/settings.xml", ".m2/repository/x", ".npmrc", ".config/gh/x", ".config/tool/x", "notes/x", "notes/key")
        func opened(_ toml: String) throws -> [String] {
            var policy = home.policy()
            policy.apply(try SandboxProfile(toml: Array(toml.utf8), name: "p"), home: home.home)
            return policy.openedPaths(home: home.home)
        }
        #expect(try opened("read = [\"~/.m2/settings.xml\"]") == ["~/.m2/repository", "~/.m2/settings.xml"])
        #expect(try opened("read = [\"~/.m2\", \"~/missing\"]") == ["~/.m2"])
        #expect(try opened("read = [\"~/.npmrc\"]") == ["~/.m2/repository", "~/.npmrc"])
        #expect(try opened("read = [\"~/notes\"]\nhide = [\"~/notes\"]") == ["~/.m2/repository"])
        #expect(try opened("hide = [\"~/.m2\"]") == [])
        // A known secret in an opened folder stays hidden, also in a home folder that is opened whole.
        for path in ["~/.config", "~/"] {
            var policy = home.policy()
            policy.readablePaths = [path.replacing("~", with: home.home)]
            let plan = try MountPlan(policy)
            #expect(
                plan.mounts.contains { $0.path == home.home + "/.config/gh" && $0.kind == .hiddenFolder }, "\(path)")
            #expect(plan.mounts.contains { $0.kind == .closed } == (path != "~/"))
        }
    }

    @Test func `a repository does not open anything and may hide`() throws {
        let user = try SandboxProfile(toml: Array("read = [\"~/a\", \"~/b\"]".utf8), name: "user")
        let theirs = try SandboxProfile(toml: Array("read = [\"~/b\", \"~/c\"]".utf8), name: "repository")
        #expect(theirs.narrowing(user).readablePaths == ["~/b"])
        #expect(theirs.excess(over: user) == ["read ~/c"])
        #expect(theirs.narrowing(SandboxProfile()).readablePaths == nil)
        #expect(SandboxProfile().narrowing(user).readablePaths == ["~/a", "~/b"])
        #expect(try SandboxProfile(toml: Array(user.toml.utf8), name: "again") == user)
    }

    @Test func `what is opened and may hold secrets is said`() throws {
        let home = try HomeFixture()
        try home.write(".m2/settings.xml", ".npmrc", ".ssh/id", ".config/gh/x", "notes/x")
        func notices(_ paths: [String]) throws -> [String] {
            var profile = SandboxProfile()
            profile.readablePaths = paths
            return try profile.noticesOfPaths(
                home: home.home, secrets: SandboxPolicy.secretPaths(home: home.home), name: "p")
        }
        #expect(try notices(["~/notes", "~/.config"]) == [])
        let text = "p: commands can read what may hold secrets: "
        #expect(try notices(["~/.m2"]) == [text + home.home + "/.m2/settings.xml"])
        #expect(try notices(["~/.npmrc", "~/.ssh/id"]) == [text + "~/.npmrc, ~/.ssh/id"])
        #expect(try notices(["~/"]) == [text + "~/"])
        #expect(try notices(["/missing"]) == ["p: what does not exist cannot be shown and is left out: /missing"])
    }
}
