import Foundation
import Sandbox
import Session
import TestSupport
import Testing

@testable import Tools

@Suite struct RunningCommandsTests {
    /// A folder for output, and what the commands' events were.
    private final class World: Sendable {
        let folder = "/tmp/graft-running-\(UUID().uuidString)"
        let log = EventLog()

        /// What the events say of commands that go on.
        var events: [String] {
            log.events.compactMap { event in
                guard case .startedCommand(let started)? = event.item?.content else { return nil }
                return "\(event.kind?.rawValue ?? ""): \(started.handle) \(started.report?.ending ?? "runs")"
            }
        }

        var pages: OutputPages { OutputPages(folder: folder + "/graft/sessions/s/output") }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        func commands() async throws -> RunningCommands {
            let session = try SessionFolder(SessionID("s"), environment: ["XDG_STATE_HOME": folder])
            try FileManager.default.createDirectory(atPath: folder + "/tree", withIntermediateDirectories: true)
            let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
            let sandbox = try await Sandbox.probe(
                mode: .auto, policy: SandboxPolicy(workingTree: folder + "/tree"), searchPath: path)
            return RunningCommands(
                ShellRunner(
                    sandbox: sandbox, environment: .build(from: ["PATH": path], home: folder), folder: session,
                    events: log.journal, longestTimeout: .seconds(300)))
        }
    }

    private let world = World()

    private func wait(_ limit: Duration = .seconds(30), until text: String? = nil) -> CommandWait {
        CommandWait(limit: limit, text: text)
    }

    @Test func `a look tells what is new, cut to beginning, errors and end, and where the rest is`() async throws {
        let line = "echo first; read -r x; seq 1 9000; echo error: no such thing; seq 1 9000; cat"
        let commands = try await world.commands()
        #expect(try await commands.start(line, wait(until: "first")) == "p1: running\nfirst\n")
        let until9000 = wait(until: "9000\n")
        _ = try await commands.write("\n", closes: false, to: "p1", until9000)
        let rest = try await commands.write("the end", closes: true, to: "p1", until9000)
        #expect(rest.utf8.count < 17_000 && rest.hasPrefix("p1: exit 0 after ") && rest.hasSuffix("the end"))
        let ended = try await commands.poll("p1", wait())
        #expect(ended.hasPrefix("p1: exit 0 after ") && ended.hasSuffix(", nothing new\n"))
        #expect(
            [world.events.first, world.events.last] == ["item.started: p1 runs", "item.completed: p1 exit 0"])
    }

    @Test func `a cut look names the place where its missing part begins`() async throws {
        let commands = try await world.commands()
        _ = try await commands.start("echo first; read -r x; seq 100000 109999", wait(until: "first"))
        let cut = try await commands.write("\n", closes: true, to: "p1", wait())
        let offset = try #require(cut.firstMatch(of: /offset=([0-9]+)/).flatMap { Int($0.1) })
        let page = try world.pages.page(of: "p1", from: offset, limit: 7)
        // 6 bytes of "first", then 7 for each number: the number behind the last that was shown.
        let head = cut.split(separator: "[").first?.split(separator: "\n").dropFirst().last.flatMap { Int($0) }
        #expect(head != nil && page.split(separator: "\n").last.flatMap { Int($0) } == head.map { $0 + 1 })
        #expect(page.hasPrefix("p1: bytes \(offset) to \(offset + 7) of 70006; go on with offset=\(offset + 7)\n"))
    }

    @Test func `what still runs may change files, and once more when it has ended`() async throws {
        let commands = try await world.commands()
        #expect(commands.takeUnsettled() == [])
        _ = try await commands.start("read -r x", wait(.zero))
        #expect(commands.takeUnsettled() == ["read -r x"])
        #expect(commands.takeUnsettled() == ["read -r x"])
        _ = try await commands.stop("p1")
        #expect(commands.takeUnsettled() == ["read -r x"])
        #expect(commands.takeUnsettled() == [])
    }

    @Test func `stopping all ends those that will not and their children, also when the task is cancelled`()
        async throws
    {
        let mark = "868\(UInt32.random(in: 0..<100_000))"
        let commands = try await world.commands()
        for _ in 1...3 {
            let line = "trap '' TERM; setsid sleep \(mark) & echo ready; while :; do sleep \(mark); done"
            _ = try await commands.start(line, wait(until: "ready"))
        }
        _ = try await commands.start("exit 3", wait())
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await commands.stopAll()
        }
        #expect(await task.value == ["p1", "p2", "p3"])
        #expect(world.events.count { $0.hasSuffix("stopped") } == 3)
        let lines = try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap {
            FileManager.default.contents(atPath: "/proc/\($0)/cmdline").map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(!lines.contains { $0.hasPrefix("sleep\0\(mark)") })
        #expect(await commands.stopAll() == [])
    }

    @Test func `an interruption cuts a wait short`() async throws {
        let commands = try await world.commands()
        _ = try await commands.start("sleep 60", wait(.zero))
        let task = Task { try await commands.poll("p1", wait(.seconds(3600))) }
        task.cancel()
        #expect(try await task.value == "p1: running, nothing new\n")
        _ = await commands.stopAll()
    }

    @Test func `a character that is not complete waits for the next look`() async throws {
        let commands = try await world.commands()
        let line = #"printf 'h\303'; read -r x; printf '\244\n'; read -r x"#
        _ = try await commands.start(line, wait(until: "h"))
        #expect(try await commands.poll("p1", wait(.zero)).hasSuffix("nothing new\n"))
        let more = try await commands.write("\n", closes: false, to: "p1", wait(until: "\n"))
        #expect(more == "p1: running\nä\n")
        _ = await commands.stopAll()
    }

    @Test func `a text that has not come is named`() async throws {
        let commands = try await world.commands()
        let answer = try await commands.start("echo some; sleep 60", wait(.milliseconds(1), until: "other"))
        #expect(answer.hasPrefix(#"p1: running, "other" has not come"#))
        _ = await commands.stopAll()
    }
}

extension RunEvent {
    fileprivate var item: RunItem? {
        switch self {
        case .itemStarted(let item), .itemUpdated(let item), .itemCompleted(let item): item
        default: nil
        }
    }
}
