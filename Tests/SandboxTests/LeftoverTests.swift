import Foundation
import OS
import TestSupport
import Testing

@testable import Sandbox

/// Nothing stays behind, whatever a command does and however it ends.
@Suite(.serialized) struct LeftoverTests {
    /// What the machine has of ours that could be left over.
    private struct Count {
        var children = childrenOfThisProcess()
        var descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))?.count ?? 0
        var mounts = (FileContent.text("/proc/self/mounts") ?? "").split(separator: "\n").count
    }

    private static let lines = [
        "echo x", "exit 3", "sleep 60 & echo x", "kill -STOP $$",
        "(setsid sleep 60 &) ; (setsid sh -c 'sleep 60 & sleep 60' &) ; echo x",
        "trap '' TERM; while :; do sleep 60; done", "trap '' TERM; sleep 60 & kill -STOP $! ; wait",
        "kill -9 $$", "kill -9 -1; sleep 60", "exec 3</dev/null 4>/dev/null; true",
    ]

    @Test(arguments: await Rung.tested)
    func `200 commands leave no process, mount, descriptor or control group behind`(_ rung: Rung) async throws {
        let fixture = try Fixture(root: Fixture.home)
        let before = Count()
        var cgroups: [String] = []
        do {
            guard let sandbox = try? await fixture.sandbox(rungs: [rung]) else { return }
            cgroups = sandbox.cgroup?.folders ?? []
            await withTaskGroup(of: Void.self) { group in
                for index in 0..<200 {
                    if index >= 8 { await group.next() }
                    group.addTask {
                        let line = Self.lines[index % Self.lines.count]
                        let result = await fixture.shell(line, in: sandbox, timeout: .milliseconds(500)) {
                            $0.grace = .milliseconds(50)
                        }
                        #expect(!result.leftProcesses, "\(line)")
                    }
                }
            }
        }
        let after = Count()
        #expect(after.mounts == before.mounts)
        // The thread of the last command lets go of the sandbox when it comes to it.
        for _ in 0..<500 where cgroups.contains(where: { FilePath.kind($0) != nil }) {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(cgroups.allSatisfy { FilePath.kind($0) == nil })
        // Other suites have some of their own meanwhile; one a command would be 200.
        #expect(after.children < before.children + 150 && after.descriptors < before.descriptors + 150)
    }

    /// A program that forks all the time cannot be killed one process after the other.
    @Test(arguments: await Rung.tested)
    func `a program that never stops forking ends with the command`(_ rung: Rung) async throws {
        let fixture = try Fixture(root: Fixture.home)
        guard let sandbox = try? await fixture.sandbox(rungs: [rung]) else { return }
        try FileManager.default.copyItem(atPath: AttemptsProgram.path, toPath: fixture.tree + "/runner")
        let mark = "--run-\(UInt32.random(in: 0...UInt32.max))"
        let line = "(setsid ./runner --run \(mark) &) ; until [ -e running ]; do sleep 0.01; done"
        let result = await fixture.shell(line, in: sandbox, timeout: .seconds(20))
        #expect(result.succeeded && !result.leftProcesses)
        #expect(processes(with: mark).isEmpty)
    }

    /// What stands in for Graft is a child that starts the launcher and is killed.
    @Test func `a caller that is killed takes everything with it`() async throws {
        let fixture = try Fixture(root: Fixture.home)
        guard let sandbox = try? await fixture.sandbox(rungs: [.landlock]) else { return }
        guard case .own(let own) = sandbox.launcher else { return }
        let mark = "7\(UInt32.random(in: 1_000_000...9_999_999))"
        let line = "trap '' TERM HUP; (setsid sleep \(mark) &) ; echo up > up; sleep \(mark); sleep \(mark)"
        let null = Descriptor(open("/dev/null", O_RDWR | O_CLOEXEC))
        let words = [AttemptsProgram.path, "--caller", own.program, fixture.tree, "/bin/sh", "-c", line]
        let caller = try ChildProcess(
            path: AttemptsProgram.path, arguments: words, environment: ["PATH=/usr/bin:/bin"], directory: "/",
            descriptors: [null, null, null, own.plan.file, null])
        #expect(await becomesTrue { FileManager.default.fileExists(atPath: fixture.tree + "/up") })
        caller.send(SIGKILL)
        #expect(await becomesTrue { processes(with: mark).isEmpty }, "\(processes(with: mark))")
        _ = caller.waitForEnd(milliseconds: 5000)
        _ = caller.reap()
    }

    private func becomesTrue(_ condition: () -> Bool) async -> Bool {
        for _ in 0..<1000 {
            if condition() { return true }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return false
    }
}
