import Foundation
import Repository
import TestSupport
import Testing
import Text

@Suite struct GitRepositoryTests {
    @Test func `a repository is found from a folder inside`() throws {
        let fixture = try GitFixture()
        let repository = try GitRepository(discovering: fixture.root + "/src", environment: [:])
        #expect(repository.workingDirectory == fixture.root)
        #expect(repository.gitDirectory == fixture.root + "/.git")
        #expect(repository.commonDirectory == repository.gitDirectory)
        let head = try fixture.git("rev-parse", "HEAD").trimmingCharacters(in: .newlines)
        #expect(try repository.head == .branch("main", try #require(CommitID(head))))
        #expect(try repository.resolve("main").hex == head)
    }

    @Test func `a folder without a repository is told apart`() throws {
        let fixture = try GitFixture()
        let outside = try fixture.privateFolder()
        #expect(failure { _ = try GitRepository(discovering: outside, environment: [:]) } == .notARepository)
    }

    @Test func `a bare repository is refused`() throws {
        let fixture = try GitFixture()
        try fixture.git("clone", "-q", "--bare", ".", fixture.folder + "/bare")
        #expect(failure { _ = try GitRepository(discovering: fixture.folder + "/bare", environment: [:]) } == .bare)
    }

    @Test func `SHA-256 objects are refused with a line that says so`() throws {
        let fixture = try GitFixture()
        try fixture.git("init", "-q", "--object-format=sha256", fixture.folder + "/new")
        let error = #expect(throws: RepositoryError.self) {
            try GitRepository(discovering: fixture.folder + "/new", environment: [:])
        }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains("SHA-256") == true)
    }

    @Test func `another owner's repository is refused with the setting that allows it`() throws {
        let fixture = try GitFixture()
        guard getuid() == 0 else { return }
        chown(fixture.root, 4242, 4242)
        chown(fixture.root + "/.git", 4242, 4242)
        let error = #expect(throws: RepositoryError.self) { try fixture.open() }
        #expect(error?.code == .ownedBySomeoneElse)
        #expect(error?.description.contains("safe.directory") == true)
    }

    @Test func `a repository with worktree configuration opens`() throws {
        let fixture = try GitFixture()
        try fixture.git("config", "core.repositoryformatversion", "1")
        try fixture.git("config", "extensions.worktreeConfig", "true")
        _ = try fixture.open()
    }

    @Test func `unborn and detached heads are told apart`() throws {
        let empty = try GitFixture([:])
        #expect(try empty.open().head == .unborn("main"))
        let fixture = try GitFixture()
        try fixture.git("checkout", "-q", "--detach")
        let repository = try fixture.open()
        #expect(try repository.head == .detached(try repository.resolve("main")))
    }

    @Test func `identity comes from the environment, then from git's configuration`() throws {
        let fixture = try GitFixture()
        var environment = fixture.environment
        environment["GIT_AUTHOR_NAME"] = "Env"
        environment["GIT_COMMITTER_EMAIL"] = "env@example.com"
        let repository = try GitRepository(discovering: fixture.root, environment: environment)
        let author = repository.signature(for: .author, seconds: 5, offsetMinutes: -60)
        #expect(author == Signature(name: "Env", email: "ada@example.com", seconds: 5, offsetMinutes: -60))
        #expect(repository.signature(for: .committer, seconds: 5).name == "Ada")
        #expect(repository.signature(for: .committer, seconds: 5).email == "env@example.com")
    }

    @Test func `diff, changed files and log tell what happened between two commits`() throws {
        let fixture = try GitFixture(["a": "1\n2\n3\n4\n5\n", "b": "b\n", "é": "x\n"])
        let repository = try fixture.open()
        let base = try repository.resolve("HEAD")
        try fixture.git("mv", "a", "moved")
        try fixture.write("b", "b\nc\n")
        try fixture.git("rm", "-q", "é")
        try fixture.git("commit", "-q", "-a", "-m", "Second thing\n\nbody")
        try fixture.git("commit", "-q", "--allow-empty", "-m", "Third")
        let new = try repository.resolve("HEAD")
        let files = try repository.changedFiles(from: base, to: new)
        #expect(
            files.map { "\($0.kind.rawValue) \($0.oldPath ?? "-") \($0.path) +\($0.added) -\($0.removed)" } == [
                "M - b +1 -0", "R a moved +0 -0", "D - é +0 -1",
            ])
        #expect(try repository.diff(from: base, to: new).contains("rename from a\nrename to moved\n"))
        #expect(try repository.log(from: base, to: new).map(\.subject) == ["Second thing", "Third"])
        #expect(try repository.log(from: nil, to: new).count == 3)
    }
}
