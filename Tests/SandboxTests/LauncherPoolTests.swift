import Foundation
import OS
import Testing

@testable import Sandbox

/// A sandbox that is made ahead of its command is as good as one that is made for it.
@Suite struct LauncherPoolTests {
    @Test func `a killed launcher that waits is replaced by another`() async throws {
        let fixture = try Fixture()
        guard let sandbox = try? await fixture.sandbox(rungs: [.namespaces]) else { return }
        for _ in 0..<5 {
            #expect(await fixture.shell("true", in: sandbox).succeeded)
            let waiting = try #require(await waitingLaunchers(of: fixture).first)
            kill(waiting, SIGKILL)
            while FileContent.text("/proc/\(waiting)/status")?.contains("(zombie)") == false {
                try await Task.sleep(for: .milliseconds(1))
            }
            let result = await fixture.shell("echo on", in: sandbox)
            #expect(result.succeeded && result.stdout.text == "on\n")
        }
    }

    @Test func `none waits behind a sandbox that is for one command`() async throws {
        let fixture = try Fixture()
        guard
            let sandbox = try? await Sandbox.probe(
                policy: SandboxPolicy(workingTree: fixture.tree), searchPath: "", rungs: [.namespaces],
                isForOneCommand: true)
        else { return }
        #expect(await fixture.shell("true", in: sandbox).succeeded)
        #expect(await fixture.shell("true", in: sandbox).succeeded)
        try await Task.sleep(for: .milliseconds(50))
        #expect(launchers(in: fixture.tree).isEmpty)
    }

    /// A launcher that is being set up puts `.git` back as the place of a mount.
    @Test func `none touches the tree once the sandbox has ended`() async throws {
        let fixture = try Fixture()
        for _ in 0..<20 {
            guard let sandbox = try? await fixture.sandbox(rungs: [.namespaces]) else { return }
            #expect(await fixture.shell("true", in: sandbox).succeeded)
            sandbox.end()
            #expect(launchers(in: fixture.tree).isEmpty)
            try FileManager.default.removeItem(atPath: fixture.tree)
            #expect(FilePath.kind(fixture.tree) == nil)
            try fixture.write("ref: refs/heads/main\n", to: fixture.tree + "/.git/HEAD")
        }
    }

    @Test func `commands beside each other have a launcher each`() async throws {
        let fixture = try Fixture()
        guard let sandbox = try? await fixture.sandbox(rungs: [.namespaces]) else { return }
        await withTaskGroup(of: Bool.self) { group in
            for index in 0..<16 {
                group.addTask {
                    let result = await fixture.shell("echo \(index); exec sleep 0.1", in: sandbox)
                    return result.succeeded && result.stdout.text == "\(index)\n"
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }

    /// Made while the command before still held the place, or before the file was there.
    @Test func `what has changed since a launcher began to wait is seen by its command`() async throws {
        let fixture = try Fixture()
        guard let sandbox = try? await fixture.sandbox(rungs: [.namespaces]) else { return }
        #expect(await fixture.shell("mkdir folder && echo one > folder/file", in: sandbox).succeeded)
        _ = await waitingLaunchers(of: fixture)
        try FileManager.default.removeItem(atPath: fixture.tree + "/folder")
        try Data("two\n".utf8).write(to: URL(filePath: fixture.tree + "/folder"))
        let result = await fixture.shell("cat folder", in: sandbox)
        #expect(result.stdout.text == "two\n")
    }

    @Test func `words and variables reach a command as they are`() async throws {
        let fixture = try Fixture()
        guard let sandbox = try? await fixture.sandbox(rungs: [.namespaces]) else { return }
        let words = ["printf", "%s|", "", "a b", "\n", String(repeating: "x", count: 1000), ""]
        let result = await sandbox.run(
            CommandRequest(
                .arguments(words), environment: SandboxEnvironment(["PATH": "/usr/bin:/bin"]), timeout: .seconds(20)))
        #expect(result.stdout.text == words.dropFirst(2).map { $0 + "|" }.joined())
    }

    private func waitingLaunchers(of fixture: Fixture) async -> [pid_t] {
        for _ in 0..<500 {
            let found = launchers(in: fixture.tree)
            if !found.isEmpty { return found }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return []
    }

    /// Those that stay outside: what they start is in another PID namespace.
    private func launchers(in tree: String) -> [pid_t] {
        let all = FolderListing.names(in: "/proc").compactMap { pid_t($0) }
        let own = all.filter { parent(of: $0) == getpid() && name(of: $0) == "graft-sandbox" }
        let outer = all.filter { parent(of: $0).map(own.contains) ?? false }
        // Other suites have some too: only the one that has our tree mounted.
        return outer.filter { pid in
            (FileContent.text("/proc/\(pid)/mountinfo") ?? "").contains(" \(tree) ")
        }
    }

    private func name(of pid: pid_t) -> String? {
        FileContent.text("/proc/\(pid)/comm")?.trimmingCharacters(in: .newlines)
    }

    private func parent(of pid: pid_t) -> pid_t? {
        let line = (FileContent.text("/proc/\(pid)/status") ?? "").split(separator: "\n").first {
            $0.hasPrefix("PPid:")
        }
        return line.flatMap { pid_t($0.dropFirst(5).trimmingCharacters(in: .whitespaces)) }
    }
}
