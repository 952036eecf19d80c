import Glibc
import TestSupport
import Testing

@testable import Repository

@Suite struct GitCommandTests {
    private func command(_ fixture: GitFixture, limit: Duration = .seconds(20)) -> GitCommand {
        GitCommand(
            gitDirectory: fixture.root + "/.git", workTree: fixture.root, environment: fixture.environment, limit: limit
        )
    }

    @Test func `large input and output pass at the same time`() throws {
        let fixture = try GitFixture()
        let input = [UInt8](repeating: UInt8(ascii: "x"), count: 3_000_000)
        let output = try command(fixture).run(["-c", "alias.copy=!cat", "copy"], input: input)
        #expect(output == input)
    }

    @Test func `input that nobody reads does no harm`() throws {
        let fixture = try GitFixture()
        let input = [UInt8](repeating: 0, count: 3_000_000)
        #expect(try !command(fixture).run(["rev-parse", "HEAD"], input: input).isEmpty)
    }

    @Test func `a failure tells what git said`() throws {
        let fixture = try GitFixture()
        let error = #expect(throws: RepositoryError.self) {
            try command(fixture).run(["rev-parse", "--verify", "nothing"])
        }
        #expect(error?.code == .gitCommand)
        #expect(error?.message.contains("fatal: Needed a single revision") == true)
    }

    @Test func `a command that does not end is killed at its deadline`() throws {
        let fixture = try GitFixture()
        let quick = command(fixture, limit: .milliseconds(100))
        let error = #expect(throws: RepositoryError.self) { try quick.run(["-c", "alias.wait=!sleep 1000", "wait"]) }
        #expect(error?.message.contains("did not finish") == true)
    }

    @Test func `hooks do not run and the environment cannot point elsewhere`() throws {
        let fixture = try GitFixture()
        try fixture.git("config", "--unset", "core.hooksPath")
        try fixture.write(".git/hooks/post-checkout", "#!/bin/sh\ntouch ran\n")
        #expect(chmod(fixture.root + "/.git/hooks/post-checkout", 0o755) == 0)
        var environment = fixture.environment
        environment["GIT_DIR"] = "/nowhere"
        environment["GIT_INDEX_FILE"] = "/nowhere"
        let command = GitCommand(
            gitDirectory: fixture.root + "/.git", workTree: fixture.root, environment: environment)
        _ = try command.run(["checkout", "-q", "-b", "x"])
        #expect(!fixture.exists(fixture.root + "/ran"))
    }
}
