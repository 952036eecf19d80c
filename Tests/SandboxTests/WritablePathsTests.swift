import Foundation
import Testing

@testable import Sandbox

@Suite struct WritablePathsTests {
    /// A home folder with a secret in `~/.config` and a cache.
    private func notices(_ paths: [String], in fixture: Fixture) throws -> [String] {
        let home = fixture.root + "/home"
        try fixture.write("s", to: home + "/.config/gh/hosts.yml")
        try fixture.write("s", to: home + "/.cache/x")
        try? FileManager.default.createSymbolicLink(atPath: home + "/up", withDestinationPath: "..")
        var profile = SandboxProfile()
        profile.writablePaths = paths
        return try profile.noticesOfWritablePaths(
            home: home, secrets: SandboxPolicy.secretPaths(home: home), name: "p")
    }

    @Test(
        arguments: [
            ("/", "it is the whole machine"), ("//", "it is the whole machine"), ("/usr/..", "it is the whole machine"),
            ("~/", "it is the home folder"), ("~/.cache/..", "it is the home folder"),
            ("~/up", "it holds the home folder"),
            ("~/.config", "it holds HOME/.config/gh, which is hidden from commands"),
            ("~/.config/gh", "it holds HOME/.config/gh, which"), ("/etc", "it holds /etc/shadow, which"),
        ])
    func `a path that holds everything or a secret is refused`(_ path: String, _ reason: String) throws {
        let fixture = try Fixture()
        let error = #expect(throws: ProfileError.self) { try notices(["~/.cache", path], in: fixture) }
        let expected = "p: write cannot take \(path): " + reason.replacing("HOME", with: fixture.root + "/home")
        #expect(error?.description.hasPrefix(expected) == true, "\(error?.description ?? "")")
    }

    @Test func `a path that does not exist is told in one line`() throws {
        let fixture = try Fixture()
        #expect(try notices(["~/.cache", "/usr/lib"], in: fixture) == [])
        #expect(
            try notices(["~/.cache", "~/.missing", "/missing/x"], in: fixture) == [
                "p: what does not exist cannot be made writable and is left out: ~/.missing, /missing/x"
            ])
        let many = try notices((0..<20).map { "/missing/\($0)" }, in: fixture)
        #expect(many.count == 1 && many.first?.hasSuffix("/missing/7 and more") == true)
    }
}
