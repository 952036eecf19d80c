import Foundation
import Repository
import Sandbox
import TestSupport
import Testing

@testable import Workspace

/// What commands see of git on each rung that the machine has.
@Suite struct GitViewTests {
    /// A repository with a secret in every place of git's that holds some.
    private static func fixture() throws -> GitFixture {
        let fixture = try GitFixture(in: ProcessInfo.processInfo.environment["HOME"] ?? "/root")
        for (name, value) in [
            ("http.https://github.com/.extraheader", "AUTHORIZATION: basic geheim1"),
            ("remote.origin.url", "https://user:geheim2@example.org/r.git"), ("include.path", "../../included"),
            ("credential.helper", "!echo password=geheim3"), ("url.https://geheim4@h/.insteadof", "https://h/"),
        ] {
            try fixture.git("config", name, value)
        }
        try fixture.write(
            "../included", "[http]\n\textraheader = geheim5\n[branch \"kept\"]\n\tmerge = refs/heads/kept\n")
        try fixture.write("../.gitconfig", "[includeIf \"gitdir:/nowhere/\"]\n\tpath = work\n[user]\n\tname = Grace\n")
        try fixture.write("../work", "[credential]\n\thelper = geheim6\n")
        for name in [
            "config.bak", "FETCH_HEAD", "credentials", "logs/refs/heads/x", "modules/m/config", "annex/creds/c",
        ] {
            try fixture.write(".git/" + name, "https://u:geheim7@h\n")
        }
        return fixture
    }

    private static let look = """
        cd -P .; git status --porcelain --branch; git log --format=%s -1; git config --list; git reflog; git remote -v
        git stash list; git show-ref; cat "$(git rev-parse --git-common-dir)"/config
        grep -rIn geheim "$(git rev-parse --git-common-dir)" "$(git rev-parse --git-dir)"
        grep -n geheim ../included ../work ~/.gitconfig "$COMMON"/* "$COMMON"/*/* /proc/self/root"$COMMON"/config
        """

    private static func output(
        _ view: GitView, _ policy: SandboxPolicy, _ rung: Rung, common: String
    ) async throws -> String? {
        var policy = policy
        view.install(in: &policy)
        guard let sandbox = try? await Sandbox.probe(policy: policy, searchPath: "/usr/bin:/bin", rungs: [rung]) else {
            return nil
        }
        try view.lead(sandbox)
        let home = (common as NSString).deletingLastPathComponent
        let result = await sandbox.run(
            CommandRequest(
                .shell(look),
                environment: SandboxEnvironment([
                    "PATH": "/usr/bin:/bin", "HOME": (home as NSString).deletingLastPathComponent, "COMMON": common,
                    "GIT_OPTIONAL_LOCKS": "0",
                ]), timeout: .seconds(60)))
        return String(decoding: result.stdout.head + result.stdout.tail, as: UTF8.self)
    }

    @Test(arguments: await Rung.tested) func `in a tree of Graft's own, git works and has no secrets`(
        _ rung: Rung
    ) async throws {
        let fixture = try Self.fixture()
        let (repository, _, tree) = try fixture.session()
        try fixture.git("branch", "side")
        try fixture.git("pack-refs", "--all")
        let place = GitView.Place(
            root: tree.root, gitDirectory: try repository.gitDirectory(of: tree.root),
            commonDirectory: repository.commonDirectory)
        let view = try GitView(place, of: { repository }, in: fixture.folder + "/view", home: fixture.folder)
        let policy = SandboxPolicy(
            workingTree: tree.root, readOnlyPaths: [repository.commonDirectory, repository.gitDirectory])
        guard let text = try await Self.output(view, policy, rung, common: repository.commonDirectory) else { return }
        #expect(!text.contains("geheim"), "\(text)")
        for part in [
            "## graft/1", "Start", "user.name=Ada", "remote.origin.url=https://example.org/r.git", "branch.kept.merge",
            "refs/heads/side",
        ] { #expect(text.contains(part), "\(part) is missing in \(text)") }
        #expect(text.contains("Grace") || rung != .landlock)
        #expect(try fixture.git("status", "--porcelain", at: tree.root) == "")
    }

    @Test(arguments: await Rung.tested.filter { $0 != .landlock }) func `in place, git works and has no secrets`(
        _ rung: Rung
    ) async throws {
        let fixture = try Self.fixture()
        let repository = try fixture.open()
        let place = try #require(GitView.Place(around: fixture.root + "/src"))
        #expect(place.root == repository.workingDirectory && place.gitDirectory == repository.gitDirectory)
        let view = try GitView(place, of: { repository }, in: fixture.folder + "/view", home: fixture.folder)
        let policy = SandboxPolicy(workingTree: fixture.root)
        guard let text = try await Self.output(view, policy, rung, common: place.commonDirectory) else { return }
        #expect(!text.contains("geheim"), "\(text)")
        for part in ["## main", "Start", "refs/heads/main"] { #expect(text.contains(part), "\(part): \(text)") }
        #expect(!text.contains("D README"))
    }

    @Test func `in place and without mounts, secrets rule the rung out, and nothing else does`() async throws {
        for fixture in [try Self.fixture(), try GitFixture()] {
            let place = try #require(GitView.Place(around: fixture.root))
            let view = try GitView(place, of: { nil }, in: fixture.folder + "/view", home: fixture.folder)
            var policy = SandboxPolicy(workingTree: fixture.root)
            view.install(in: &policy)
            #expect(
                (policy.withoutMounts.refusal == nil) == !FileManager.default.fileExists(
                    atPath: fixture.folder + "/work"))
        }
    }

    @Test func `a submodule's parent is hidden, and a linked tree and other places of objects are found`() throws {
        let fixture = try GitFixture()
        let module = fixture.root + "/.git/modules/m"
        try fixture.write(".git/modules/file", "")
        try fixture.git("clone", "-q", "--separate-git-dir", module, fixture.root, fixture.root + "/m")
        try fixture.git("worktree", "add", "-q", fixture.folder + "/linked")
        let linked = try #require(GitView.Place(around: fixture.folder + "/linked"))
        #expect(linked.commonDirectory == fixture.root + "/.git")
        #expect(linked.gitDirectory == fixture.root + "/.git/worktrees/linked")
        try fixture.write(".git/modules/m/objects/info/alternates", "../../../objects\n")
        let place = try #require(GitView.Place(around: fixture.root + "/m"))
        #expect(place.commonDirectory == module)
        var policy = SandboxPolicy(workingTree: fixture.root + "/m")
        try GitView(place, of: { nil }, in: fixture.folder + "/view", home: fixture.folder).install(in: &policy)
        #expect(policy.hiddenPaths == [fixture.root + "/.git"])
        #expect(policy.readOnlyPaths == [fixture.root + "/.git/objects"])
        let written = try String(contentsOfFile: fixture.folder + "/view/alternates", encoding: .utf8)
        #expect(written == fixture.root + "/.git/objects\n")
    }
}
