import Foundation
import TestSupport
import Testing

@testable import Sandbox

/// What a failed command did not find because it is closed.
@Suite(.serialized) struct ClosedPathTests {
    private func closed(_ line: String, _ rung: Rung, _ home: HomeFixture) async throws -> [ClosedPath]? {
        var policy = home.policy()
        policy.temporaryFolder = home.fixture.root + "/private"
        policy.readablePaths = [home.home + "/open"]
        try? FileManager.default.createDirectory(
            atPath: home.fixture.root + "/private", withIntermediateDirectories: true)
        guard let sandbox = try? await Sandbox.probe(policy: policy, searchPath: "/usr/bin:/bin", rungs: [rung]) else {
            return nil
        }
        let environment = SandboxEnvironment(["HOME": home.home, "PATH": "/usr/bin:/bin"])
        return await sandbox.run(
            CommandRequest(.shell(line), environment: environment, timeout: .seconds(60))
        ).closedPaths
    }

    @Test(
        arguments: await Rung.tested,
        [
            ("cat ~/.m2/settings.xml", ["~/.m2/settings.xml"]),
            ("cat ~/.m2/settings.xml 2>/dev/null; echo '~/.m2/settings.xml: no' >&2; exit 1", ["~/.m2/settings.xml"]),
            (
                "echo \"error: 'HOME/.m2/settings.xml', (HOME/Documents/a.txt).\"; exit 1",
                ["~/.m2/settings.xml", "~/Documents/a.txt"]
            ),
            ("cat ~/.ssh/id", ["~/.ssh/id"]),
            // Not closed, not there, no failure, another place.
            ("cat ~/open/missing; cat ~/open/x; exit 1", []), ("cat ~/.missing; cat HOME/.m2/missing", []),
            ("cat ~/.m2/settings.xml; true", []), ("echo /data/HOME/.m2/settings.xml HOME; exit 1", []),
            ("echo HOME; echo HOME/; cd ~; ls; exit 1", []),
        ])
    func `it is named`(_ rung: Rung, _ command: (line: String, paths: [String])) async throws {
        let home = try HomeFixture(root: Fixture.home)
        try home.write(".m2/settings.xml", "Documents/a.txt", ".ssh/id", "open/x")
        let line = command.line.replacing("HOME", with: home.home)
        guard let found = try await closed(line, rung, home) else { return }
        #expect(found.map(\.path) == command.paths, "\(rung) \(line)")
        #expect(found.filter(\.isSecret).map(\.path) == command.paths.filter { $0.hasPrefix("~/.ssh") })
    }

    @Test func `the words say what would open it`() {
        let settings = ClosedPath(path: "~/.m2/settings.xml", isSecret: false)
        #expect(
            settings.notice == "~/.m2/settings.xml is closed to commands; "
                + "read = [\"~/.m2/settings.xml\"] in a policy opens it")
        #expect(!ClosedPath(path: "~/.ssh/id", isSecret: true).notice.contains("read ="))
    }
}
