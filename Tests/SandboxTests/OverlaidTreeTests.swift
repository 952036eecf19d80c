import Foundation
import TestSupport
import Testing

@testable import Sandbox

@Suite(.enabled("needs the rung namespaces") { await Rung.namespaces.isTested }) struct OverlaidTreeTests {
    /// A checkout, an empty folder where commands see it, and a place for changes with a `.git` file in it.
    private struct Checkout {
        let fixture: Fixture
        let lower: String
        let tree: String
        let store: String
        /// The end of one that is kept waits for the whole disk.
        var isKept = false
        var overlay: Overlay { Overlay(lower: lower, path: tree, store: store, isKept: isKept) }

        init() throws {
            fixture = try Fixture(root: Fixture.home)
            (lower, tree, store) = (
                fixture.root + "/user", fixture.root + "/state/empty", fixture.root + "/state/store"
            )
            for folder in [tree, store + "/upper", store + "/work", lower + "/.git"] {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            }
            try fixture.write("theirs", to: lower + "/module")
            try fixture.write("deep", to: lower + "/sub/module")
            try fixture.write("config", to: lower + "/.git/config")
            try fixture.write("gitdir: elsewhere\n", to: store + "/upper/.git")
        }

        func sandbox(_ change: (inout SandboxPolicy) -> Void = { _ in }) async throws -> Sandbox {
            var policy = SandboxPolicy(
                workingTree: tree, readOnlyPaths: [lower + "/.git"], hiddenPaths: [fixture.root + "/state"])
            policy.overlays = [overlay]
            change(&policy)
            return try await Sandbox.probe(policy: policy, searchPath: "/usr/bin:/bin")
        }

        var isUntouched: Bool {
            let names = (try? FileManager.default.subpathsOfDirectory(atPath: lower).sorted()) ?? []
            return names == [".git", ".git/config", "module", "sub", "sub/module"]
                && fixture.text(lower + "/module") == "theirs" && fixture.text(lower + "/sub/module") == "deep"
                && (try? FileManager.default.contentsOfDirectory(atPath: tree)) == []
        }
    }

    /// What stands at a path below a descriptor.
    private func text(_ descriptor: Int32, _ path: String) -> String? {
        let file = openat(descriptor, path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 1000)
        let count = read(file, &bytes, 1000)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    @Test func `commands and this process see one tree, and the checkout stays as it is`() async throws {
        let checkout = try Checkout()
        let sandbox = try await checkout.sandbox()
        #expect(sandbox.rung == .namespaces)
        let tree = try #require(sandbox.openOverlaidTree())
        defer { close(tree) }
        let first = await checkout.fixture.shell(
            "pwd; cat module .git; echo ours > module; rm -r sub; mkdir sub; echo new > sub/new", in: sandbox)
        #expect(
            first.stdout.text == "\(checkout.tree)\ntheirsgitdir: elsewhere\n" && first.outcome == .exited(0),
            "\(first.stderr.text)")
        let found = ["module", "sub/module", "sub/new"].map { text(tree, $0) }
        #expect(found == ["ours\n", nil, "new\n"])
        let file = openat(tree, "module", O_WRONLY | O_TRUNC | O_CLOEXEC)
        #expect(write(file, "mine", 4) == 4)
        close(file)
        #expect(await checkout.fixture.shell("cat module; ls sub", in: sandbox).stdout.text == "minenew\n")
        #expect(checkout.isUntouched)
    }

    @Test(arguments: [
        "echo x > .git", "rm -f .git; test -e .git && exit 1", "mv .git git", "echo x > STATE/store/upper/x",
        "ls STATE/store | grep .", "echo x > LOWER/module", "echo x >> LOWER/.git/config",
        "mkdir m && mount -t overlay overlay -o lowerdir=LOWER,upperdir=m,workdir=m m",
        "python3 -c \"import os; os.setxattr('sub', 'user.overlay.opaque', b'y')\"; test ! -e sub/module",
    ])
    func `there is no way to what is below or behind`(_ line: String) async throws {
        let checkout = try Checkout()
        let sandbox = try await checkout.sandbox()
        let words = line.replacing("STATE", with: checkout.fixture.root + "/state")
            .replacing("LOWER", with: checkout.lower)
        let result = await checkout.fixture.shell(words, in: sandbox)
        let isRefused = [.exited(1), .exited(32)].contains(result.outcome)
        #expect(isRefused, "\(result.outcome) \(result.stdout.text)")
        #expect(checkout.isUntouched)
        #expect(checkout.fixture.text(checkout.store + "/upper/.git") == "gitdir: elsewhere\n")
    }

    @Test func `what is in the overlay is there again when it is mounted once more`() async throws {
        var checkout = try Checkout()
        checkout.isKept = true
        do {
            let sandbox = try await checkout.sandbox()
            _ = await checkout.fixture.shell("echo ours > module; rm sub/module", in: sandbox)
        }
        let again = try await checkout.sandbox()
        #expect(await checkout.fixture.shell("cat module; ls sub", in: again).stdout.text == "ours\n")
        let mounts = try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
        #expect(!mounts.contains(checkout.fixture.root))
    }

    @Test func `a sandbox with more rights shows the same tree`() async throws {
        let checkout = try Checkout()
        let first = try await checkout.sandbox()
        let place = checkout.fixture.root + "/granted"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        var policy = first.policy
        policy.writablePaths = [place]
        for network in [SandboxPolicy.Network.loopback, .all] {
            policy.network = network
            let second = try await Sandbox.probe(policy: policy, searchPath: "/usr/bin:/bin", host: first)
            let result = await checkout.fixture.shell(
                "cat module; echo \(network) > module; touch \(place)/x", in: second)
            #expect(result.outcome == .exited(0), "\(result.stderr.text)")
            #expect(await checkout.fixture.shell("cat module", in: first).stdout.text == "\(network)\n")
            #expect(await checkout.fixture.shell("touch \(place)/x", in: first).outcome == .exited(1))
        }
        #expect(checkout.isUntouched)
    }

    @Test func `a tree that only patches may change is read-only for commands`() async throws {
        let checkout = try Checkout()
        let sandbox = try await checkout.sandbox { $0.isTreeWritable = false }
        let result = await checkout.fixture.shell("cat module; echo x > module", in: sandbox)
        #expect(result.stdout.text == "theirs" && result.stderr.text.contains("Read-only file system"))
    }

    @Test func `where it cannot be shown nothing weaker takes its place`() async throws {
        let checkout = try Checkout()
        for mode in [SandboxMode.off, .external] {
            await #expect(throws: SandboxError.self) {
                var policy = SandboxPolicy(workingTree: checkout.tree)
                policy.overlays = [checkout.overlay]
                _ = try await Sandbox.probe(mode: mode, policy: policy, searchPath: "/usr/bin:/bin")
            }
        }
        for hidden in [checkout.lower + "/sub", checkout.lower, checkout.fixture.root] {
            await #expect(throws: SandboxError.self) {
                _ = try await checkout.sandbox { $0.hiddenPaths = [hidden] }
            }
        }
        try FileManager.default.removeItem(atPath: checkout.store + "/work")
        await #expect(throws: SandboxError.self) { _ = try await checkout.sandbox() }
    }
}
