import Foundation
import TestSupport
import Testing

@testable import Sandbox

/// Serial, because each of these starts many processes.
@Suite(.serialized) struct LifecycleTests {
    @Test(arguments: SandboxMode.allCases)
    func `exit status and signals are told apart`(_ mode: SandboxMode) async throws {
        let fixture = try Fixture()
        let sandbox = try await fixture.sandbox(mode)
        let cases: [(String, CommandResult.Outcome)] = [
            ("true", .exited(0)), ("exit 3", .exited(3)), ("exit 127", .exited(127)), ("exit 129", .exited(129)),
            ("kill -9 $$", .signalled(9)), ("kill -SEGV $$", .signalled(11)), ("nosuchcommand", .exited(127)),
        ]
        for (line, outcome) in cases {
            #expect(await fixture.shell(line, in: sandbox).outcome == outcome, "\(line)")
        }
    }

    @Test(arguments: await Rung.tested)
    func `a status that looks like a signal's is none`(_ rung: Rung) async throws {
        let fixture = try Fixture(root: Fixture.home)
        let sandbox = try await fixture.sandbox(rungs: [rung])
        let cases: [(String, CommandResult.Outcome)] = [
            ("exit 137", .exited(137)), ("kill -HUP $$", .signalled(1)), ("kill -KILL $$", .signalled(9)),
        ]
        for (line, outcome) in cases {
            #expect(await fixture.shell(line, in: sandbox).outcome == outcome, "\(line)")
        }
    }

    @Test(arguments: await Rung.tested)
    func `commands are what the kernel takes first when memory runs out`(_ rung: Rung) async throws {
        let fixture = try Fixture(root: Fixture.home)
        let sandbox = try await fixture.sandbox(rungs: [rung])
        let result = await fixture.shell("cat /proc/self/oom_score_adj", in: sandbox)
        #expect(result.stdout.text == "500\n")
    }

    /// Moved there while it starts, one in a hundred was ahead.
    @Test(arguments: await Rung.tested)
    func `every command is in its control groups from the start`(_ rung: Rung) async throws {
        let fixture = try Fixture(root: Fixture.home)
        let sandbox = try await fixture.sandbox(rungs: [rung])
        let folders = sandbox.cgroup?.folders ?? []
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<200 {
                if index >= 8 { await group.next() }
                group.addTask {
                    // A process that the first one has started knows it no better.
                    let text = await fixture.shell("cat /proc/self/cgroup", in: sandbox).stdout.text
                    for folder in folders {
                        let name = folder.split(separator: "/").last ?? ""
                        // In a cgroup namespace of its own the group is the root.
                        #expect(text.contains(name) || rung == .namespaces, "\(text)")
                    }
                }
            }
        }
    }

    @Test(arguments: SandboxMode.allCases)
    func `a program that is missing was not started`(_ mode: SandboxMode) async throws {
        let fixture = try Fixture()
        let sandbox = try await fixture.sandbox(mode)
        for name in ["graft-no-such-program", "./missing"] {
            let request = CommandRequest(
                .arguments([name]), environment: fixture.environment(), timeout: .seconds(10))
            guard case .notStarted(let message) = await sandbox.run(request).outcome else {
                Issue.record("\(name) was started")
                continue
            }
            #expect(message.contains(name) && !message.contains("bwrap"), "\(message)")
        }
    }

    @Test(arguments: SandboxMode.allCases)
    func `standard input is at its end`(_ mode: SandboxMode) async throws {
        let fixture = try Fixture()
        let result = await fixture.shell("cat; echo $?", in: try await fixture.sandbox(mode))
        #expect(result.stdout.text == "0\n")
    }

    @Test(arguments: SandboxMode.allCases)
    func `time runs out and the command and its children are gone`(_ mode: SandboxMode) async throws {
        let fixture = try Fixture()
        let mark = "0.\(UInt32.random(in: 1_000_000...9_999_999))"
        let line = "trap '' TERM; echo begun; while :; do sleep 1\(mark) & wait; done"
        let result = await fixture.shell(line, in: try await fixture.sandbox(mode), timeout: .milliseconds(300)) {
            $0.grace = .milliseconds(100)
        }
        #expect(result.outcome == .timedOut)
        #expect(processes(with: "sleep 1\(mark)".replacing(" ", with: "\0")).isEmpty)
    }

    @Test(arguments: SandboxMode.allCases)
    func `a command may use the grace to clean up`(_ mode: SandboxMode) async throws {
        let fixture = try Fixture()
        let sandbox = try await fixture.sandbox(mode)
        let result = await cancelled("trap 'echo bye; exit 0' TERM; echo begun; sleep 60 & wait", fixture, sandbox)
        #expect(result.outcome == .cancelled)
        #expect(result.stdout.text == "begun\nbye\n")
    }

    @Test(arguments: SandboxMode.allCases)
    func `what a command leaves in the background ends with it`(_ mode: SandboxMode) async throws {
        let fixture = try Fixture()
        let mark = "\(UInt32.random(in: 1_000_000...9_999_999))"
        let line = """
            sleep \(mark) & (setsid sh -c 'sleep \(mark) & touch up; sleep \(mark)' &)
            until [ -e up ]; do sleep 0.01; done; echo done
            """
        let result = await fixture.shell(line, in: try await fixture.sandbox(mode))
        #expect(result.succeeded && !result.leftProcesses)
        #expect(result.stdout.text == "done\n")
        #expect(processes(with: mark).isEmpty)
    }

    @Test(arguments: SandboxMode.allCases)
    func `cancelling the task ends the command`(_ mode: SandboxMode) async throws {
        let fixture = try Fixture()
        let sandbox = try await fixture.sandbox(mode)
        let mark = "\(UInt32.random(in: 1_000_000...9_999_999))"
        let result = await cancelled("echo begun; sleep \(mark); echo more", fixture, sandbox)
        #expect(result.outcome == .cancelled)
        #expect(result.stdout.text == "begun\n")
        #expect(processes(with: mark).isEmpty)
    }

    @Test(arguments: SandboxMode.allCases)
    func `a task cancelled before it begins runs nothing to its end`(_ mode: SandboxMode) async throws {
        let fixture = try Fixture()
        let sandbox = try await fixture.sandbox(mode)
        let mark = "\(UInt32.random(in: 1_000_000...9_999_999))"
        let request = CommandRequest(
            .shell("sleep \(mark)"), environment: fixture.environment(), timeout: .seconds(60))
        // Many times, because the launcher is caught at another place each time.
        for _ in 0..<30 {
            let (gate, open) = AsyncStream<Void>.makeStream()
            let task = Task {
                for await _ in gate {}
                return await sandbox.run(request)
            }
            task.cancel()
            open.finish()
            let result = await task.value
            #expect(result.outcome == .cancelled && !result.leftProcesses)
        }
        #expect(processes(with: mark).isEmpty)
    }

    @Test(arguments: SandboxMode.allCases)
    func `100 commands leave no process and no descriptor behind`(_ mode: SandboxMode) async throws {
        let fixture = try Fixture()
        let sandbox = try await fixture.sandbox(mode)
        let children = childrenOfThisProcess()
        let descriptors = openDescriptors()
        for index in 0..<100 {
            let line = index.isMultiple(of: 3) ? "sleep 60 & echo x" : "echo x; exit 1"
            let result = await fixture.shell(line, in: sandbox) {
                $0.log = .init(directory: fixture.logs, name: "\(index)")
            }
            #expect(result.stdout.text == "x\n")
        }
        // Other tests of this process have some of their own; one a command would be 100.
        #expect(childrenOfThisProcess() < children + 50)
        #expect(openDescriptors() < descriptors + 50)
    }

    @Test func `what the command used is told`() async throws {
        let fixture = try Fixture()
        let line = "python3 -c 'x = bytearray(60_000_000); sum(range(3_000_000))'"
        let result = await fixture.shell(line, in: try await fixture.sandbox())
        #expect(result.usage.peakResidentBytes > 60_000_000)
        #expect(result.usage.user > .milliseconds(10))
    }

    /// Runs a line and cancels it when its first output has come.
    private func cancelled(_ line: String, _ fixture: Fixture, _ sandbox: Sandbox) async -> CommandResult {
        let (begun, continuation) = AsyncStream<Void>.makeStream()
        var request = CommandRequest(
            .shell(line), environment: fixture.environment(), timeout: .seconds(60))
        request.grace = .seconds(30)
        request.onOutput = { _ in continuation.finish() }
        let task = Task { [request] in await sandbox.run(request) }
        for await _ in begun {}
        task.cancel()
        return await task.value
    }

    private func openDescriptors() -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))?.count ?? 0
    }
}
