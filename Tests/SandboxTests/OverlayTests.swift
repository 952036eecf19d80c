import Foundation
import TestSupport
import Testing

@testable import Sandbox

@Suite(.enabled("needs the rung namespaces") { await Rung.namespaces.isTested }) struct OverlayTests {
    /// A folder of the user's beside the working tree, and its place in the tree.
    private struct Lent {
        let fixture: Fixture
        let lower: String
        let overlay: Overlay

        init(_ name: String = "deps", in fixture: Fixture) throws {
            self.fixture = fixture
            lower = "\(fixture.root)/user/\(name)"
            let store = "\(fixture.root)/store/\(name.utf8.count)"
            overlay = Overlay(lower: lower, path: "\(fixture.tree)/\(name)", store: store)
            for folder in [lower, overlay.path, store + "/upper", store + "/work"] {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            }
            try fixture.write("theirs", to: lower + "/module")
            try fixture.write("deep", to: lower + "/sub/module")
        }

        var isUntouched: Bool {
            let names = (try? FileManager.default.subpathsOfDirectory(atPath: lower).sorted()) ?? []
            return names == ["module", "sub", "sub/module"] && fixture.text(lower + "/module") == "theirs"
                && fixture.text(lower + "/sub/module") == "deep"
        }
    }

    private static let strong: [Rung] = [.namespaces]

    @Test func `what commands change in an overlay stays, and the user's folder is as it was`() async throws {
        let fixture = try Fixture()
        let lent = try Lent(in: fixture)
        let sandbox = try await fixture.sandbox(rungs: Self.strong) { $0.overlays = [lent.overlay] }
        #expect(sandbox.overlaySupport == .writable)
        let first = await fixture.shell(
            "cat deps/module; echo ours > deps/module; rm deps/sub/module; rmdir deps/sub; mkdir deps/new; "
                + "echo x > deps/new/x; chmod +x deps/new/x; mv deps/new deps/newer", in: sandbox)
        #expect(first.outcome == .exited(0) && first.stdout.text == "theirs", "\(first.stderr.text)")
        let second = await fixture.shell("cat deps/module deps/newer/x; ls deps", in: sandbox)
        #expect(second.stdout.text == "ours\nx\nmodule\nnewer\n", "\(second.stderr.text)")
        #expect(lent.isUntouched)
        let outside = try FileManager.default.contentsOfDirectory(atPath: lent.overlay.path)
        #expect(outside.isEmpty)
    }

    @Test func `another sandbox with changes of its own sees none of the first one's`() async throws {
        let fixture = try Fixture()
        let lent = try Lent(in: fixture)
        var fresh = lent.overlay
        fresh.store = fixture.root + "/fresh"
        for name in ["/fresh/upper", "/fresh/work"] {
            try FileManager.default.createDirectory(
                atPath: fixture.root + name, withIntermediateDirectories: true)
        }
        let one = try await fixture.sandbox(rungs: Self.strong) { $0.overlays = [lent.overlay] }
        let two = try await fixture.sandbox(rungs: Self.strong) { [fresh] in $0.overlays = [fresh] }
        _ = await fixture.shell("rm deps/module; echo built > deps/product", in: one)
        #expect(await fixture.shell("ls deps", in: one).stdout.text == "product\nsub\n")
        #expect(await fixture.shell("ls deps", in: two).stdout.text == "module\nsub\n")
    }

    @Test func `commands beside each other write to one overlay`() async throws {
        let fixture = try Fixture()
        let lent = try Lent(in: fixture)
        let sandbox = try await fixture.sandbox(rungs: Self.strong) { $0.overlays = [lent.overlay] }
        // Each waits for what the other has written.
        func meet(_ own: String, _ other: String) -> String {
            "echo hello > deps/\(own); for i in $(seq 500); do [ -e deps/\(other) ] && exit 0; sleep 0.02; done; exit 1"
        }
        async let one = fixture.shell(meet("one", "two"), in: sandbox)
        async let two = fixture.shell(meet("two", "one"), in: sandbox)
        let outcomes = await [one.outcome, two.outcome]
        #expect(outcomes == [.exited(0), .exited(0)])
        #expect(lent.isUntouched)
    }

    @Test(arguments: ["with space", "co:lon", "com,ma", "back\\slash", "a=b\"quote'", "deep/er/place", "ünïcode 名"])
    func `any name can be overlaid`(_ name: String) async throws {
        let fixture = try Fixture()
        let lent = try Lent(name, in: fixture)
        let sandbox = try await fixture.sandbox(rungs: Self.strong) { $0.overlays = [lent.overlay] }
        #expect(sandbox.overlaySupport == .writable)
        let result = await sandbox.run(
            CommandRequest(
                .arguments(["sh", "-c", "cat \"$1/module\" && echo changed > \"$1/module\"", "-", name]),
                environment: fixture.environment(), timeout: .seconds(60)))
        #expect(result.stdout.text == "theirs" && result.outcome == .exited(0), "\(result.stderr.text)")
        #expect(lent.isUntouched)
    }

    @Test func `several overlays in nested folders have changes of their own`() async throws {
        let fixture = try Fixture()
        let all = try ["node_modules", "packages/a/node_modules", "packages/longer/node_modules"].map {
            try Lent($0, in: fixture)
        }
        let sandbox = try await fixture.sandbox(rungs: Self.strong) { $0.overlays = all.map(\.overlay) }
        let result = await fixture.shell(
            "for d in node_modules packages/*/node_modules; do echo $d > $d/module; done; cat */module */*/*/module",
            in: sandbox)
        #expect(
            result.stdout.text == "node_modules\npackages/a/node_modules\npackages/longer/node_modules\n",
            "\(result.stderr.text)")
        let untouched = all.filter { $0.isUntouched }
        #expect(untouched.count == all.count)
    }

    @Test func `where overlays cannot be made the folders are read-only, and it is said why`() async throws {
        let fixture = try Fixture()
        let lent = try Lent(in: fixture)
        var broken = lent.overlay
        // On another file system than the folder for changes, which the kernel refuses.
        try FileManager.default.removeItem(atPath: broken.store.map { $0 + "/work" } ?? "")
        broken.store = lent.overlay.store
        let sandbox = try await fixture.sandbox(rungs: Self.strong) { [broken] in $0.overlays = [broken] }
        guard case .readOnly(let reason) = sandbox.overlaySupport else {
            Issue.record("\(sandbox.overlaySupport)")
            return
        }
        #expect(reason.contains("/work"))
        await expectReadOnly(sandbox, lent)
    }

    @Test func `what is missing over an overlay costs the overlays and not the namespaces`() async throws {
        let fixture = try Fixture()
        let lent = try Lent(in: fixture)
        // Protected in the tree, and gone in the overlay: removed by a whiteout (kernel: overlayfs).
        let kept = lent.overlay.path + "/kept"
        try fixture.write("kept", to: kept)
        try fixture.write("kept", to: lent.overlay.lower + "/kept")
        #expect(mknod((lent.overlay.store ?? "") + "/upper/kept", S_IFCHR | 0o600, 0) == 0)
        let sandbox = try await fixture.sandbox(rungs: [.namespaces]) {
            $0.overlays = [lent.overlay]
            $0.readOnlyPaths.append(kept)
        }
        guard case .readOnly(let reason) = sandbox.overlaySupport else {
            Issue.record("\(sandbox.overlaySupport)")
            return
        }
        #expect(reason.contains("/kept"))
        let result = await fixture.shell("cat deps/module; touch deps/new || echo refused", in: sandbox)
        #expect(result.stdout.text == "theirsrefused\n")
    }

    @Test func `bubblewrap shows the folders read-only`() async throws {
        let fixture = try Fixture()
        let lent = try Lent(in: fixture)
        let sandbox = try await fixture.sandbox(rungs: [.bubblewrap]) { $0.overlays = [lent.overlay] }
        #expect(sandbox.overlaySupport == .readOnly("bubblewrap has no overlays"))
        await expectReadOnly(sandbox, lent)
    }

    @Test func `a folder without a place for changes is read-only`() async throws {
        let fixture = try Fixture()
        let lent = try Lent(in: fixture)
        var overlay = lent.overlay
        overlay.store = nil
        let sandbox = try await fixture.sandbox(rungs: Self.strong) { [overlay] in $0.overlays = [overlay] }
        await expectReadOnly(sandbox, lent)
    }

    private func expectReadOnly(_ sandbox: Sandbox, _ lent: Lent) async {
        let result = await lent.fixture.shell("cat deps/module; echo x > deps/module; echo y > deps/y", in: sandbox)
        #expect(result.stdout.text == "theirs")
        #expect(result.stderr.text.contains("Read-only file system"))
        #expect(lent.isUntouched)
    }

    @Test func `nothing hidden is shown at another place`() async throws {
        let fixture = try Fixture()
        let lent = try Lent(in: fixture)
        for hidden in ["", "/sub", "/sub/module"] {
            let sandbox = try await fixture.sandbox(rungs: Self.strong) {
                $0.overlays = [lent.overlay]
                $0.hiddenPaths = [lent.lower + hidden]
            }
            #expect(await fixture.shell("ls -A deps", in: sandbox).stdout.text == "", "\(hidden)")
        }
    }

    @Test func `no command reaches a server's socket through an overlay`() async throws {
        let fixture = try Fixture()
        let lent = try Lent(in: fixture)
        let server = try Process.run(
            URL(fileURLWithPath: "/usr/bin/python3"),
            arguments: [
                "-c",
                "import socket,sys; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(); s.settimeout(60); "
                    + "open(sys.argv[2], 'w'); s.accept()", lent.lower + "/s", fixture.root + "/up",
            ])
        // It would outlive a gentler signal, which the test's threads block and children inherit.
        defer { kill(server.processIdentifier, SIGKILL) }
        let deadline = ContinuousClock.now + .seconds(20)
        while fixture.text(fixture.root + "/up") == nil, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(5))
        }
        let sandboxes = [
            try await fixture.sandbox(rungs: Self.strong) { $0.overlays = [lent.overlay] },
            try await fixture.sandbox(rungs: [.bubblewrap]) { $0.overlays = [lent.overlay] },
        ]
        for sandbox in sandboxes {
            let result = await fixture.shell(
                "python3 -c \"import socket; socket.socket(socket.AF_UNIX).connect('deps/s')\"", in: sandbox)
            #expect(
                result.outcome == .exited(1) && result.stderr.text.contains("refused"),
                "\(sandbox.rung): \(result.outcome) \(result.stderr.text)")
        }
    }

    @Test func `a folder that is missing or no folder of the tree is not overlaid`() async throws {
        let fixture = try Fixture()
        let lent = try Lent(in: fixture)
        var missing = lent.overlay
        missing.lower += "/nowhere"
        let sandbox = try await fixture.sandbox(rungs: Self.strong) { [missing] in $0.overlays = [missing] }
        #expect(await fixture.shell("ls -A deps", in: sandbox).stdout.text == "")
        for path in ["/tmp", fixture.tree, fixture.tree + "/nowhere", fixture.tree + "/link"] {
            try? FileManager.default.createSymbolicLink(
                atPath: fixture.tree + "/link", withDestinationPath: lent.overlay.path)
            var wrong = lent.overlay
            wrong.path = path
            let overlay = wrong
            await #expect(throws: SandboxError.self, "\(path)") {
                _ = try await fixture.sandbox(rungs: Self.strong) { $0.overlays = [overlay] }
            }
        }
    }

    @Test func `nothing is mounted outside, and nothing stays`() async throws {
        let fixture = try Fixture()
        let lent = try Lent(in: fixture)
        do {
            let sandbox = try await fixture.sandbox(rungs: Self.strong) { $0.overlays = [lent.overlay] }
            for _ in 1...20 { _ = await fixture.shell("echo x >> deps/module", in: sandbox) }
            let mounts = try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
            #expect(!mounts.contains(fixture.root))
        }
        #expect(lent.isUntouched)
        // The last holder of a mount namespace is gone, so that its changes can be used for another overlay.
        let work = (lent.overlay.store ?? "") + "/work"
        try FileManager.default.removeItem(atPath: work)
        try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: false)
        let again = try await fixture.sandbox(rungs: Self.strong) { $0.overlays = [lent.overlay] }
        #expect(await fixture.shell("wc -l < deps/module", in: again).stdout.text == "20\n")
    }
}
