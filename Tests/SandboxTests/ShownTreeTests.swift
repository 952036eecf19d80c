import Foundation
import Testing

@testable import Sandbox

/// A tree that commands see in place of a checkout.
@Suite struct ShownTreeTests {
    /// A tree below the home folder, and a checkout with other things in it.
    private static func fixture() throws -> (fixture: Fixture, checkout: String, policy: SandboxPolicy) {
        let fixture = try Fixture(root: Fixture.home)
        let checkout = fixture.root + "/checkout"
        for (name, text) in [
            ("checkout/.env", "KEY=geheim"), ("checkout/file", "the user's"), ("checkout/deps/a", "dependency"),
            ("checkout/foreign/b", "foreign"), ("checkout/.git/config", "geheim"), ("checkout/granted/file", "old"),
            ("tree/file", "the tree's"), ("tree/.git/config", "config"), ("tree/kept/file", "kept"),
            ("tree/hidden/file", "geheim"), ("checkout/hidden/file", "geheim"),
        ] { try fixture.write(text, to: fixture.root + "/" + name) }
        for folder in ["tree/deps", "tree/foreign", "store/upper", "store/work"] {
            try FileManager.default.createDirectory(
                atPath: fixture.root + "/" + folder, withIntermediateDirectories: true)
        }
        var policy = SandboxPolicy(
            workingTree: fixture.tree, readOnlyPaths: [fixture.tree + "/kept", checkout + "/.git"],
            hiddenPaths: [checkout + "/hidden", checkout + "/.env", fixture.root + "/store"])
        policy.shownTree = checkout
        policy.overlays = [
            Overlay(lower: checkout + "/deps", path: fixture.tree + "/deps", store: fixture.root + "/store"),
            Overlay(lower: checkout + "/foreign", path: fixture.tree + "/foreign", store: nil),
        ]
        policy.withoutMounts.hidden = [checkout]
        return (fixture, checkout, policy)
    }

    private static func sandbox(_ policy: SandboxPolicy, _ rung: Rung) async -> Sandbox? {
        try? await Sandbox.probe(policy: policy, searchPath: "/usr/bin:/bin", rungs: [rung])
    }

    @Test(arguments: [Rung.namespaces, .bubblewrap]) func `it is where the checkout is`(_ rung: Rung) async throws {
        let (fixture, checkout, policy) = try Self.fixture()
        guard let sandbox = await Self.sandbox(policy, rung) else { return }
        #expect(sandbox.shownTree == checkout)
        #expect(sandbox.ownPath(checkout + "/x") == fixture.tree + "/x" && sandbox.ownPath("/usr") == "/usr")
        let result = await fixture.shell(
            """
            pwd; cat file deps/a foreign/b kept/file \(checkout)/file; ls -A . hidden \(fixture.root)
            echo new > made; echo changed > \(checkout)/deps/a; touch foreign/x kept/x .git/x; mv kept moved
            cat \(checkout)/.env \(fixture.tree)/file hidden/file /proc/self/root\(checkout)/.env
            """, in: sandbox)
        let text = result.stdout.text
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.first == checkout)
        #expect(text.contains("the tree'sdependencyforeignkeptthe tree's"), "\(text) \(result.stderr.text)")
        #expect(!text.contains("geheim") && !text.contains("the user's") && !lines.contains(".env"), "\(text)")
        #expect(fixture.text(fixture.tree + "/made") == "new\n")
        #expect(fixture.text(checkout + "/made") == nil)
        #expect(fixture.text(checkout + "/deps/a") == "dependency")
        let isWritable = sandbox.overlaySupport == .writable
        #expect(fixture.text(fixture.root + "/store/upper/a") == (isWritable ? "changed\n" : nil))
        for name in ["foreign/x", "kept/x", ".git/x"] {
            for root in [fixture.tree, checkout] { #expect(fixture.text("\(root)/\(name)") == nil) }
        }
        #expect(fixture.text(fixture.tree + "/kept/file") == "kept")
    }

    @Test(arguments: [Rung.namespaces, .bubblewrap]) func `a command starts in either path's folder`(
        _ rung: Rung
    ) async throws {
        let (fixture, checkout, policy) = try Self.fixture()
        guard let sandbox = await Self.sandbox(policy, rung) else { return }
        for root in [fixture.tree, checkout] {
            let result = await fixture.shell("pwd", in: sandbox) { $0.directory = root + "/kept" }
            #expect(result.stdout.text == checkout + "/kept\n")
        }
        let outside = await fixture.shell("pwd", in: sandbox) { $0.directory = fixture.root }
        #expect(!outside.succeeded)
    }

    @Test(arguments: [Rung.namespaces, .bubblewrap]) func `what the user grants there is the user's own`(
        _ rung: Rung
    ) async throws {
        var (fixture, checkout, policy) = try Self.fixture()
        policy.writablePaths = [checkout + "/granted", checkout + "/deps", checkout + "/file"]
        guard let sandbox = await Self.sandbox(policy, rung) else { return }
        let result = await fixture.shell("echo new > granted/file; echo new > deps/a; ls granted", in: sandbox)
        #expect(result.succeeded, "\(result.stderr.text)")
        for name in ["granted/file", "deps/a"] { #expect(fixture.text("\(checkout)/\(name)") == "new\n") }
        policy.writablePaths = [checkout, fixture.root + "/checkout/.."]
        policy.isTreeWritable = false
        guard let around = await Self.sandbox(policy, rung) else { return }
        _ = await fixture.shell("touch made .git/made", in: around)
        for root in [fixture.tree, checkout] { #expect(fixture.text(root + "/.git/made") == nil) }
        #expect(fixture.text(checkout + "/made") == nil)
    }

    @Test func `without mounts it is at its own path and the checkout is closed`() async throws {
        let (fixture, checkout, policy) = try Self.fixture()
        guard let sandbox = await Self.sandbox(policy, .landlock) else { return }
        #expect(sandbox.shownTree == fixture.tree)
        #expect(sandbox.ownPath(checkout + "/x") == checkout + "/x")
        let result = await fixture.shell("pwd; cat file \(checkout)/.env \(checkout)/file", in: sandbox)
        #expect(result.stdout.text == "\(fixture.tree)\nthe tree's", "\(result.stderr.text)")
    }

    @Test func `neither lies in the other`() async throws {
        let fixture = try Fixture()
        for path in [fixture.root, fixture.tree + "/.git", "/", fixture.root + "/missing"] {
            await #expect(throws: SandboxError.self) { try await fixture.sandbox { $0.shownTree = path } }
        }
    }

    @Test func `sockets of servers in the checkout are not there`() async throws {
        let (fixture, checkout, policy) = try Self.fixture()
        let server = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(server) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array((checkout + "/s.sock").utf8)) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(server, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(bound == 0 && listen(server, 1) == 0)
        for rung in [Rung.namespaces, .bubblewrap] {
            guard let sandbox = await Self.sandbox(policy, rung) else { continue }
            let result = await fixture.shell("ls -A; test ! -e s.sock", in: sandbox)
            #expect(result.succeeded, "\(result.stdout.text) \(result.stderr.text)")
        }
    }
}
