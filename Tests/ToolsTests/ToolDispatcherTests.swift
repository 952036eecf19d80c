import Foundation
import JSON
import Repository
import Responses
import Session
import TestSupport
import Testing
import Workspace

@testable import Tools

/// The order of calls, answers and commits.
@Suite struct ToolDispatcherTests {
    /// A tool with a line of its own in views.
    private struct Greet: Tool {
        let name = "greet"
        let effect = ToolEffect.none
        let definition = ToolDefinition.function("greet", "Greets.", #""who":{"type":"string"}"#, required: ["who"])

        func title(of call: ToolCall) -> String? { "greet somebody" }

        func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
            .text("Hello, \(try ToolArguments(call).text("who"))")
        }
    }

    @Test func `the patches of one response are one commit, with its words as the message`() async throws {
        let world = try await ToolWorld(["answer.txt": "wrong\n", "old": "gone\n"])
        let answers = try await world.answer(
            .create("a/b/new", "1"), .delete("old", "2"), .update("answer.txt", "wrong", "right", "3"),
            commentary: "Say what is right. It was wrong.")
        let told = ["1 completed Done: A a/b/new", "2 completed Done: D old", "3 completed Done: M answer.txt"]
        #expect(answers.map(\.shown) == told)
        #expect(await world.steps.commits.map(\.subject) == ["Say what is right"])
        let names = try world.fixture.git("diff", "--name-status", "main", await world.steps.head.hex)
        #expect(names == "A\ta/b/new\nM\tanswer.txt\nD\told\n")
    }

    @Test func `patches of one response build on each other`() async throws {
        let world = try await ToolWorld()
        _ = try await world.answer(
            .update("answer.txt", "wrong", "almost", "1"), .update("answer.txt", "almost", "right", "2"))
        #expect(world.fixture.text("answer.txt", at: world.tree.root) == "right\n")
        #expect(await world.steps.commits.count == 1)
    }

    @Test func `answers come in the order of the calls, also around one that is refused`() async throws {
        let world = try await ToolWorld()
        let answers = try await world.answer(
            .create("a", "1"), .update("no-such", "x", "y", "2"), .create("b", "3"), .function("dance", "{}", "4"))
        #expect(answers.map(\.callID) == ["1", "2", "3", "4"])
        #expect(answers.map { $0.json?["status"]?.string } == ["completed", "failed", "completed", nil])
        #expect(await world.changedFiles == [["a", "b"]])
        let recorded = world.events.lines.filter { $0.contains(": input ") }
        #expect(
            recorded == [
                "turn 1: input apply_patch_call_output 1", "turn 1: input apply_patch_call_output 2",
                "turn 1: input apply_patch_call_output 3", "turn 1: input function_call_output 4",
            ])
    }

    @Test func `a command sees the patches before it, and those behind it are a commit of their own`() async throws {
        let world = try await ToolWorld()
        let answers = try await world.answer(
            .create("a", "1"), .shell("ls", "2"), .create("b", "3"), commentary: "Do it.")
        #expect(answers.map(\.callID) == ["1", "2", "3"])
        #expect(answers[1].shown.contains(#"a\nanswer.txt\n"#))
        #expect(await world.changedFiles == [["a"], ["b"]])
    }

    @Test func `a shell call is answered with the end of each of its lines`() async throws {
        let call = #"{"type":"shell_call","call_id":"c","action":{"commands":["true","exit 3"]}}"#
        let world = try await ToolWorld()
        let answers = try await world.answer(.init(json: call))
        let ends = answers[0].json?["output"]?.elements.map { $0["outcome"]?["exit_code"]?.int }
        #expect(ends == [0, 3])
    }

    @Test func `a call's start is recorded before its answer, and the answer of a command before the next call`()
        async throws
    {
        let world = try await ToolWorld()
        _ = try await world.answer(.shell("true", "1"), .shell("false", "2"))
        let order = world.events.lines.filter { $0.contains("call") }
        #expect(
            order == [
                "turn 1: call of shell 1", "turn 1: input shell_call_output 1", "turn 1: call of shell 2",
                "turn 1: input shell_call_output 2",
            ])
    }

    @Test func `patches that cannot be committed are all told so, and change nothing`() async throws {
        let world = try await ToolWorld()
        let other = try world.fixture.git("commit-tree", "-m", "Theirs", "-p", "main", "main^{tree}").dropLast()
        try world.fixture.git("update-ref", SessionID("s").steps, String(other))
        let answers = try await world.answer(.create("a", "1"), .update("answer.txt", "wrong", "right", "2"))
        #expect(answers.map(\.callID) == ["1", "2"])
        #expect(answers.map { $0.json?["status"]?.string } == ["failed", "failed"])
        #expect(answers.allSatisfy { $0.shown.contains("another process has moved it") })
        #expect(world.fixture.text("answer.txt", at: world.tree.root) == "wrong\n")
        #expect(!world.fixture.exists(world.tree.root + "/a"))
        #expect(await world.steps.commits.count == 0)
    }

    @Test func `patches that leave everything as it was are applied without a commit`() async throws {
        let world = try await ToolWorld()
        let answers = try await world.answer(
            .update("answer.txt", "wrong", "right", "1"), .update("answer.txt", "right", "wrong", "2"))
        #expect(answers.map { $0.json?["status"]?.string } == ["completed", "completed"])
        #expect(await world.steps.commits.count == 0)
    }

    @Test func `only the one tool that is asked for is run`() async throws {
        let world = try await ToolWorld()
        let answers = try await world.answer(
            .shell("echo x > stray", "1"), .create("a", "2"), .function("read_output", #""{}""#, "3"),
            only: "order_commits")
        #expect(answers.map(\.callID) == ["1", "2", "3"])
        #expect(answers.allSatisfy { $0.shown.contains("not run: only order_commits is taken now") })
        #expect(!world.fixture.exists(world.tree.root + "/stray"))
        #expect(!world.events.lines.contains { $0.contains("call of") })
        await world.tools.settle()
        #expect(await world.changedFiles == [])
    }

    @Test func `the order of the steps is refused while nobody asks for it`() async throws {
        let world = try await ToolWorld()
        let answers = try await world.answer(.function("order_commits", #""{\"commits\":[]}""#))
        #expect(answers[0].shown.contains("for when you are asked to order the finished change"))
    }

    @Test(arguments: [
        (ToolWorld.Call(json: #"{"type":"shell_call","call_id":"c","action":{}}"#), "has no commands"),
        (.function("shell", #""{""#), "send one JSON object"),
        (.function("shell", #""[1]""#), "must be a JSON object"),
        (.function("teleport", #""{}""#), #"no tool named "teleport"; there are shell, apply_patch, start_command"#),
        (
            .init(json: #"{"type":"custom_tool_call","call_id":"c","name":"dance","input":"x"}"#),
            #"no tool named "dance""#
        ),
        (
            .init(json: #"{"type":"apply_patch_call","call_id":"c","operation":{"type":"update_file","path":"a"}}"#),
            "no diff"
        ),
        (
            .init(json: #"{"type":"shell_call","call_id":"c","status":"incomplete","action":{"commands":["ls"]}}"#),
            "the call was cut off"
        ),
    ])
    func `a call that cannot be run is answered with what is wrong`(
        _ call: ToolWorld.Call, _ words: String
    ) async throws {
        let world = try await ToolWorld()
        let answers = try await world.answer(call)
        let text = answers.first?.json?["output"]
        let told = text?.string ?? text?.elements.first { _ in true }?["stderr"]?.string ?? ""
        #expect(told.contains(words), "\(told)")
        #expect(world.events.lines.map { $0.split(separator: " ")[0] } == ["item.completed", "turn"])
    }

    @Test(arguments: [
        ("start_command", "{}", #""command" must be a string"#),
        ("start_command", #"{"command":""}"#, "not empty"),
        ("start_command", #"{"command":"a\u0000b"}"#, "NUL"),
        ("start_command", #"{"command":"true","wait_ms":"long"}"#, #""wait_ms" must be a whole number"#),
        ("start_command", #"{"command":"true","wait_ms":-1}"#, #""wait_ms" must be a whole number"#),
        ("start_command", #"{"command":"true","terminal":"yes"}"#, #""terminal" must be true or false"#),
        ("start_command", #"{"command":"true","timeout_ms":1.5}"#, #""timeout_ms" must be a whole number"#),
        ("start_command", #"{"command":"true","until":7}"#, #""until" must be a string"#),
        ("poll_command", #"{"handle":"p1"}"#, #"no started command is called "p1": none has been started"#),
        ("poll_command", "{}", #""handle" must be a string"#),
        ("write_stdin", #"{"handle":"p1"}"#, #""text" must be a string"#),
        ("stop_command", #"{"handle":"../x"}"#, #"no started command is called "../x""#),
        ("read_output", #"{"handle":"../journal"}"#, "no such command"),
        ("read_output", #"{"handle":".."}"#, "no such command"),
        ("read_output", #"{"handle":"p1","offset":-1}"#, #""offset" must be a whole number"#),
        ("read_output", #"{"handle":"baseline","offset":4611686018427387904}"#, #""offset" must be a whole number"#),
        ("read_output", #"{"handle":"p1\n"}"#, "no such command"),
        ("restart_command", "{}", "there are shell, apply_patch, start_command"),
    ])
    func `bad arguments are answered with one line`(_ name: String, _ arguments: String, _ words: String) async throws {
        let world = try await ToolWorld()
        let answer = try #require(try await world.answer(.function(name, arguments)).first?.json?["output"]?.string)
        #expect(answer.contains(words), "\(answer)")
        #expect(!answer.contains("\n"))
        let errors = world.events.all.count {
            guard case .itemCompleted(let item) = $0, case .error = item.content else { return false }
            return true
        }
        #expect(errors == 1)
    }

    @Test func `a tool with a line of its own is told of from start to end`() async throws {
        let world = try await ToolWorld(more: [Greet()])
        let answers = try await world.answer(
            .function("greet", #""{\"who\":\"Ann\"}""#, "1"), .function("greet", #""{}""#, "2"))
        #expect(answers[0].shown == "1 Hello, Ann")
        let reports = world.events.all.compactMap { event -> String? in
            switch event {
            case .itemStarted(let item), .itemCompleted(let item):
                guard case .tool(let report) = item.content else { return nil }
                return "\(item.callID ?? "") \(report.title) \(report.status.rawValue) \(report.output)"
            default: return nil
            }
        }
        #expect(reports.count == 4)
        #expect(reports[..<2] == ["1 greet somebody in_progress ", "1 greet somebody completed Hello, Ann"])
        #expect(reports[2] == "2 greet somebody in_progress ")
        #expect(reports.last?.hasPrefix("2 greet somebody failed ") == true)
    }

    @Test func `a cancelled task runs no further call`() async throws {
        let world = try await ToolWorld()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await world.answer(.shell("echo x > stray", "1"), .create("a", "2"))
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(!world.fixture.exists(world.tree.root + "/stray"))
        #expect(!world.events.lines.contains { $0.contains("call of") })
    }

    @Test func `nothing is scanned after a step that ran no command`() async throws {
        let world = try await ToolWorld()
        try world.fixture.write("by-nobody", "n", at: world.tree.root)
        _ = try await world.answer(.create("one"))
        await world.tools.settle()
        #expect(await world.changedFiles == [["one"]])
        // The next command lets a scan see it.
        _ = try await world.answer(.shell("true"))
        await world.tools.settle()
        #expect(await world.changedFiles == [["one"], ["by-nobody"]])
    }

    @Test func `a file above the limit is named once, in a notice and in the step that met it`() async throws {
        let world = try await ToolWorld(untrackedByteLimit: 1 << 20)
        _ = try await world.answer(.shell("head -c 1572864 /dev/zero > data.bin; echo x > small"))
        await world.tools.settle()
        _ = try await world.answer(.shell("echo y > small"))
        await world.tools.settle()
        #expect(await world.changedFiles == [["small"], ["small"]])
        let line = "data.bin (1.5 MB, above the limit of 1 MB)"
        #expect(world.events.notices == ["not stored: " + line])
        let bodies = try await world.steps.commits.map {
            try world.fixture.git("show", "-s", "--format=%b", $0.id)
        }
        #expect(bodies.map { $0.contains("\nNot stored: \(line)\n\n") } == [true, false])
    }

    @Test func `git in the tree sees the last commit, before a command and once the model is waited for`() async throws
    {
        let world = try await ToolWorld()
        _ = try await world.answer(.create("one", "1"), .shell("git status --porcelain > status", "2"))
        #expect(world.fixture.text("status", at: world.tree.root) == "?? status\n")
    }

    /// A tool that takes for ever, but for a cancellation.
    private struct Forever: Tool {
        let name = "wait"
        let effect = ToolEffect.none
        let definition = ToolDefinition.function("wait", "Waits.", "", required: [])
        let timeLimit: Duration? = .milliseconds(20)

        func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
            try? await Task.sleep(for: .seconds(600))
            return .text("woke up")
        }
    }

    @Test func `a call that takes too long is stopped, and the next one runs`() async throws {
        let world = try await ToolWorld(more: [Forever(), Greet()])
        let answers = try await world.answer(
            .function("wait", #""{}""#, "1"), .function("greet", #""{\"who\":\"Ann\"}""#, "2"))
        #expect(answers.map(\.shown) == ["1 wait did not answer within 20 ms, and was stopped", "2 Hello, Ann"])
    }

    @Test func `of two calls with one id the second is not run`() async throws {
        let world = try await ToolWorld(more: [Greet()])
        let answers = try await world.answer(
            .function("greet", #""{\"who\":\"Ann\"}""#, "1"), .function("greet", #""{\"who\":\"Bob\"}""#, "1"))
        #expect(answers[0].shown == "1 Hello, Ann")
        #expect(answers[1].shown.hasSuffix("same call_id; make it again"))
    }
}
