import Foundation
import TestSupport
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
        return try profile.noticesOfPaths(
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
        let error = #expect(throws: SandboxError.self) { try notices(["~/.cache", path], in: fixture) }
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

    @Test(arguments: await Rung.tested) func `git's folders in a granted folder are not the command's`(
        _ rung: Rung
    ) async throws {
        let fixture = try Fixture(root: Fixture.home)
        let granted = fixture.root + "/granted"
        for place in ["", "/one", "/one/deep"] {
            try fixture.write("[core]\n", to: granted + place + "/.git/config")
        }
        try fixture.write("gitdir: /x\n", to: granted + "/two/.git")
        try fixture.write("", to: granted + "/file")
        let sandbox = try await fixture.sandbox(rungs: [rung]) { $0.writablePaths = [granted] }
        // Without mounts, what is gone is gone; only what makes git run programs is put back.
        let removal =
            rung == .landlock ? "mv one/.git one/moved" : "mv one/.git one/moved; mv one four; rm -rf .git two/.git"
        let line = """
            cd \(granted); echo x > file; mkdir -p three/.git; echo x > three/.git/config; echo x > one/a
            for place in . one two one/deep; do
                echo x >> $place/.git/config; echo x > $place/.git; mkdir -p $place/.git/hooks; echo x > $place/.git/hooks/pre-commit
            done
            \(removal)
            true
            """
        #expect(await fixture.shell(line, in: sandbox).succeeded)
        #expect(fixture.text(granted + "/file") == "x\n" && fixture.text(granted + "/three/.git/config") == "x\n")
        for place in ["", "/one"] {
            #expect(fixture.text(granted + place + "/.git/config") == "[core]\n", "\(place)")
            #expect(fixture.text(granted + place + "/.git/hooks/pre-commit") == nil, "\(place)")
        }
        #expect(fixture.text(granted + "/two/.git") == "gitdir: /x\n")
        // Further down they are.
        if rung == .namespaces { #expect(fixture.text(granted + "/one/deep/.git/config") != "[core]\n") }
    }

    @Test func `what a policy grants by name is granted`() throws {
        let fixture = try Fixture()
        let git = fixture.root + "/granted/.git"
        try fixture.write("x", to: git + "/config")
        let policy = SandboxPolicy(workingTree: fixture.tree, writablePaths: [fixture.root + "/granted", git])
        #expect(try MountPlan(policy).mounts.first { $0.path == git } == nil)
        let without = SandboxPolicy(workingTree: fixture.tree, writablePaths: [fixture.root + "/granted"])
        #expect(try MountPlan(without).mounts.first { $0.path == git }?.kind == .readOnly)
    }
}
