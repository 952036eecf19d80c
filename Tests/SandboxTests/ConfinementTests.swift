import Foundation
import TestSupport
import Testing

@testable import Sandbox

@Suite struct ConfinementTests {
    @Test(arguments: ["/usr/graft-x", "/etc/graft-x", "/sys/x", "$HOME/graft-x", "/graft-x", "/var/lib/x"])
    func `writing outside the working tree is refused`(_ path: String) async throws {
        let fixture = try Fixture()
        let result = await fixture.shell("echo x > \(path)", in: try await fixture.sandbox())
        #expect(result.outcome == .exited(1))
    }

    @Test func `kernel settings cannot be changed, not even by root`() async throws {
        let fixture = try Fixture()
        // Opened and not written: if this ever fails, it must do no harm.
        let line =
            "find /proc/sys /proc/s* /proc/fs /proc/[a-z]* -maxdepth 3 -type f -user 0 -perm -0200 "
            // A trigger on pressure concerns only who sets it.
            + "-not -path '/proc/pressure/*' -not -path '/proc/self/*' -not -path '/proc/thread-self/*' 2>/dev/null "
            + "| while read -r f; do if (: >> \"$f\") 2>/dev/null; then echo \"$f\"; fi; done"
        let result = await fixture.shell(line, in: try await fixture.sandbox())
        #expect(result.succeeded && result.stdout.text == "")
    }

    @Test func `writing inside the working tree works and belongs to the user`() async throws {
        let fixture = try Fixture()
        let result = await fixture.shell("echo hello > a && mkdir d && echo x > d/b", in: try await fixture.sandbox())
        #expect(result.succeeded)
        #expect(fixture.text(fixture.tree + "/a") == "hello\n")
        let owner = try FileManager.default.attributesOfItem(atPath: fixture.tree + "/a")[.ownerAccountID] as? Int
        #expect(owner == Int(getuid()))
    }

    @Test(.enabled("needs the rung namespaces") { await Rung.namespaces.isTested })
    func `a git folder is read-only and cannot be moved away`() async throws {
        let fixture = try Fixture()
        let sandbox = try await fixture.sandbox()
        for line in ["echo x > .git/HEAD", "touch .git/hooks", "mv .git g", "rm -rf .git"] {
            let result = await fixture.shell(line, in: sandbox)
            #expect(!result.succeeded, "\(line)")
        }
        #expect(fixture.text(fixture.tree + "/.git/HEAD") == "ref: refs/heads/main\n")
    }

    @Test(.enabled("needs the rung namespaces") { await Rung.namespaces.isTested })
    func `the git file and common folder of a linked working tree are read-only`() async throws {
        let fixture = try Fixture()
        let common = fixture.root + "/repository/.git"
        try fixture.write("x", to: common + "/config")
        try FileManager.default.removeItem(atPath: fixture.tree + "/.git")
        try fixture.write("gitdir: \(common)/worktrees/w\n", to: fixture.tree + "/.git")
        let sandbox = try await fixture.sandbox { $0.readOnlyPaths = [common] }
        for line in ["echo x > .git", "rm .git", "echo y > \(common)/config", "touch \(common)/new"] {
            #expect(await !fixture.shell(line, in: sandbox).succeeded, "\(line)")
        }
        #expect(await fixture.shell("cat .git \(common)/config", in: sandbox).stdout.text.contains("gitdir"))
    }

    @Test func `the API key is neither in the environment nor in that of any process`() async throws {
        let fixture = try Fixture()
        let result = await fixture.shell(
            "env; cat /proc/[0-9]*/environ | tr '\\0' '\\n'; ls -d /proc/[0-9]*", in: try await fixture.sandbox())
        #expect(result.stdout.text.contains("CI=1"))
        #expect(!result.stdout.text.contains("sk-fixture-secret"))
        #expect(!result.stdout.text.contains("OPENAI_API_KEY"))
    }

    @Test(.enabled("needs the rung namespaces") { await Rung.namespaces.isTested })
    func `the network is out of reach but loopback works`() async throws {
        let fixture = try Fixture()
        let script = """
            import socket, threading
            server = socket.create_server(("127.0.0.1", 0))
            threading.Thread(target=lambda: server.accept()[0].sendall(b"pong")).start()
            print(socket.create_connection(server.getsockname(), 5).recv(4))
            try:
                socket.create_connection(("192.0.2.1", 80), 5)
            except OSError as error:
                print(error)
            """
        try fixture.write(script, to: fixture.tree + "/net.py")
        let result = await fixture.shell("python3 net.py", in: try await fixture.sandbox())
        #expect(result.stdout.text == "b'pong'\n[Errno 101] Network is unreachable\n")
    }

    @Test(.enabled("needs the rung namespaces") { await Rung.namespaces.isTested })
    func `each command has a private tmp unless the policy gives them one together`() async throws {
        let fixture = try Fixture()
        try fixture.write("x", to: fixture.root + "/beside")
        var sandbox = try await fixture.sandbox()
        #expect(await !fixture.shell("cat \(fixture.root)/beside", in: sandbox).succeeded)
        #expect(await fixture.shell("echo kept > /tmp/note", in: sandbox).succeeded)
        #expect(await !fixture.shell("cat /tmp/note", in: sandbox).succeeded)

        try fixture.write("", to: fixture.root + "/scratch/.keep")
        sandbox = try await fixture.sandbox { $0.temporaryFolder = fixture.root + "/scratch" }
        #expect(await fixture.shell("echo kept > /tmp/note", in: sandbox).succeeded)
        #expect(await fixture.shell("cat /tmp/note", in: sandbox).stdout.text == "kept\n")
        #expect(!FileManager.default.fileExists(atPath: "/tmp/note"))
    }

    @Test(.enabled("needs the rung namespaces") { await Rung.namespaces.isTested })
    func `hidden files read empty and hidden folders are empty and refuse writing`() async throws {
        let fixture = try Fixture(root: Fixture.home)
        try fixture.write("secret", to: fixture.root + "/keys/id")
        try fixture.write("secret", to: fixture.root + "/netrc")
        try fixture.write("secret", to: fixture.tree + "/state/token")
        let sandbox = try await fixture.sandbox {
            $0.hiddenPaths = ["keys", "netrc", "missing", "tree/state"].map { fixture.root + "/" + $0 }
        }
        let result = await fixture.shell("cd ..; cat netrc; ls -A keys tree/state; echo x > keys/y", in: sandbox)
        #expect(result.outcome == .exited(1))
        #expect(result.stdout.text == "keys:\n\ntree/state:\n")
        #expect(fixture.text(fixture.root + "/netrc") == "secret")
    }

    @Test(.enabled("needs the rung namespaces") { await Rung.namespaces.isTested })
    func `a working tree inside a hidden folder is visible and what is beside it is not`() async throws {
        let fixture = try Fixture(root: Fixture.home)
        try fixture.write("secret", to: fixture.root + "/journal")
        let sandbox = try await fixture.sandbox { $0.hiddenPaths = [fixture.root] }
        let result = await fixture.shell("echo x > a; ls -A ..", in: sandbox)
        #expect(result.stdout.text == "tree\n")
        #expect(fixture.text(fixture.tree + "/a") == "x\n")
    }

    @Test func `there are no capabilities inside and no descriptors but the standard ones`() async throws {
        let fixture = try Fixture()
        let sandbox = try await fixture.sandbox()
        let status = await fixture.shell("grep -h -E '^Cap(Eff|Bnd)' /proc/self/status", in: sandbox)
        #expect(status.stdout.text == "CapEff:\t0000000000000000\nCapBnd:\t0000000000000000\n")
        // The last one is the folder that ls reads.
        let list = CommandRequest(
            .arguments(["ls", "/proc/self/fd"]), environment: fixture.environment(), timeout: .seconds(10))
        #expect(await sandbox.run(list).stdout.text == "0\n1\n2\n3\n")
    }

    @Test func `a folder outside the working tree is no place to start in`() async throws {
        let fixture = try Fixture()
        let sandbox = try await fixture.sandbox()
        for folder in ["/usr", fixture.tree + "/..", fixture.tree + "/missing"] {
            let result = await fixture.shell("true", in: sandbox) { $0.directory = folder }
            guard case .notStarted(let message) = result.outcome else {
                Issue.record("\(folder): \(result.outcome)")
                continue
            }
            #expect(message.contains(folder))
        }
    }
}
