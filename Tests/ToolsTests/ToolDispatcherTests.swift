import Foundation
import Repository
import Responses
import Sandbox
import Session
import TestSupport
import Testing
import Workspace

@testable import Tools

/// Tools over a real repository, without a sandbox.
@Suite struct ToolDispatcherTests {
    private let folder = "/tmp/graft-bench-\(UUID().uuidString.prefix(8))"
    private let log = EventLog()

    private func tools(limit: Int64 = 8 << 20) async throws -> (tools: ToolDispatcher, tree: WorkingTree) {
        let root = folder + "/repository"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        try "wrong\n".write(toFile: root + "/answer.txt", atomically: true, encoding: .utf8)
        let identity = "-c user.name=A -c user.email=a@example.com"
        _ = try output("cd \(root) && git init -q && git add . && git \(identity) commit -q -m Start")
        let environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": folder]
        let repository = try GitRepository(discovering: root, environment: environment)
        let base = try #require(try repository.head.commit)
        let session = try SessionFolder(SessionID("s"), environment: ["XDG_STATE_HOME": folder])
        try repository.createBranch("graft/s", at: base)
        let tree = try repository.addWorkingTree(at: session.tree, reference: SessionID("s").steps, commit: base)
        tree.untrackedByteLimit = limit
        tree.defersIndex = true
        let variables = SandboxEnvironment.build(from: environment, home: folder)
        let sandbox = try await Sandbox.probe(
            mode: .off, policy: SandboxPolicy(workingTree: tree.root), searchPath: "")
        let shell = ShellRunner(
            sandbox: sandbox, environment: variables, folder: session, events: log.journal, longestTimeout: .seconds(60)
        )
        let messages = StepMessage(session: SessionID("s"), model: "m", hasAttribution: false)
        let commands = RunningCommands(shell)
        let steps = StepWriter(
            tree: tree, session: SessionID("s"), messages: messages, events: log.journal,
            signature: { Signature(name: "A", email: "a@example.com", seconds: 1_700_000_000) },
            runningCommands: { commands.takeUnsettled() })
        let catalog = ToolCatalog(ToolCatalog.standard(ordersSteps: true), for: .openai)
        let tools = ToolDispatcher(
            catalog: catalog, steps: steps, shell: shell, commands: commands, approvals: nil, events: log.journal)
        return (tools, tree)
    }

    private func output(_ line: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", line]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    private func call(_ json: String) throws -> [ToolCall] {
        [try #require(ToolCall(try Item(Array(json.utf8))))]
    }

    private func shell(_ line: String) throws -> [ToolCall] {
        try call(#"{"type":"shell_call","call_id":"c","status":"completed","action":{"commands":["\#(line)"]}}"#)
    }

    private func patch(_ path: String) throws -> [ToolCall] {
        try call(
            #"{"type":"apply_patch_call","call_id":"c","status":"completed","operation":"#
                + #"{"type":"create_file","path":"\#(path)","diff":"+x\n"}}"#)
    }

    @Test func `nothing is scanned after a step that ran no command`() async throws {
        let (tools, tree) = try await tools()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try "n".write(toFile: tree.root + "/by-nobody", atomically: true, encoding: .utf8)
        _ = try await tools.answer(try patch("one"), commentary: nil, turn: 1)
        await tools.settle()
        #expect(await tools.steps.commits.map { $0.files.map(\.path) } == [["one"]])
        // The next command lets a scan see it.
        _ = try await tools.answer(try shell("true"), commentary: nil, turn: 1)
        await tools.settle()
        #expect(await tools.steps.commits.last?.files.map(\.path) == ["by-nobody"])
        #expect(await tools.steps.commits.count == 2)
    }

    @Test func `a file above the limit is named once, in a notice and in the step that met it`() async throws {
        let (tools, tree) = try await tools(limit: 1 << 20)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try await tools.answer(
            try shell("head -c 1572864 /dev/zero > data.bin; echo x > small"), commentary: nil, turn: 1)
        await tools.settle()
        _ = try await tools.answer(try shell("echo y > small"), commentary: nil, turn: 1)
        await tools.settle()
        #expect(await tools.steps.commits.map { $0.files.map(\.path) } == [["small"], ["small"]])
        let line = "data.bin (1.5 MB, above the limit of 1 MB)"
        let notices = log.events.compactMap { event in
            if case .notice(let text) = event { text } else { nil }
        }
        #expect(notices == ["not stored: " + line])
        let bodies = try await tools.steps.commits.map {
            try output("git -C \(tree.root) show -s --format=%b \($0.id)")
        }
        #expect(bodies.map { $0.contains("\nNot stored: \(line)\n\n") } == [true, false])
    }

    @Test func `git in the tree sees the last commit, before a command and once the model is waited for`() async throws
    {
        let (tools, tree) = try await tools()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let calls = try patch("one") + shell("git status --porcelain > status")
        _ = try await tools.answer(calls, commentary: nil, turn: 1)
        #expect(try String(contentsOfFile: tree.root + "/status", encoding: .utf8) == "?? status\n")
    }
}
