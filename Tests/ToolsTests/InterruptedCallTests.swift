import JSON
import Responses
import Session
import Testing
import Text

@testable import Tools

/// What the model is told of calls that nobody runs to their end.
@Suite struct InterruptedCallTests {
    private func open(_ item: String, _ events: [RunEvent], isStarted: Bool = true) throws -> OpenCall {
        let item = try Item(Array(item.utf8))
        var state = SessionState()
        state.apply(.responseItem(item, turn: 1))
        state.apply(.turnCompleted(TurnReport(turn: 1, response: ResponseID("r"), usage: nil, duration: .zero)))
        if isStarted { state.apply(.callStarted(CallStart(callID: "c", name: "x", turn: 1))) }
        for event in events { state.apply(event) }
        return try #require(state.openCalls.first)
    }

    private func answer(
        _ item: String, _ events: [RunEvent] = [], isStarted: Bool = true, committed: CommitReport? = nil,
        series: SeriesReport? = nil
    ) throws -> JSON {
        let open = try open(item, events, isStarted: isStarted)
        let call = try #require(ToolCall(open.item))
        return try #require(call.answer(interrupted: open, committed: committed, series: series).first?.json)
    }

    private static let shell =
        #"{"type":"shell_call","call_id":"c","action":{"commands":["a","b","c"],"max_output_length":99}}"#
    private static let patch =
        #"{"type":"apply_patch_call","call_id":"c","operation":{"type":"update_file","path":"a.txt","diff":"@@"}}"#

    private func ran(_ output: String, exit code: Int32) -> RunEvent {
        let report = CommandReport(
            exitCode: code, ending: "exit \(code)", duration: .zero, output: output, outputByteCount: output.utf8.count)
        return .itemCompleted(
            RunItem(id: "item_1", callID: "c", content: .commandExecution(command: "a", report)))
    }

    @Test func `of the lines of a shell call those that had ended are as they were`() throws {
        let output = Array(try #require(try answer(Self.shell, [ran("out\n", exit: 3)])["output"]).elements)
        #expect(output.count == 3)
        #expect(output[0]["stdout"]?.string == "out\n" && output[0]["outcome"]?["exit_code"]?.int == 3)
        #expect(output[1]["stderr"]?.string?.contains("interrupted") == true)
        #expect(output[2]["stderr"]?.string?.contains("not run") == true)
        #expect(output[1]["outcome"]?["exit_code"]?.int == 130)
    }

    @Test func `a shell call of which all lines had ended has its answer`() throws {
        let ended = [ran("1\n", exit: 0), ran("2\n", exit: 0), ran("3\n", exit: 0)]
        let item = try answer(Self.shell, ended)
        #expect(item["output"]?.elements.compactMap { $0["stdout"]?.string } == ["1\n", "2\n", "3\n"])
        #expect(item["max_output_length"]?.int == 99)
    }

    @Test func `a call that had not begun was not run`() throws {
        let output = Array(try #require(try answer(Self.shell, isStarted: false)["output"]).elements)
        #expect(output.allSatisfy { $0["stderr"]?.string?.contains("not run") == true } && output.count == 3)
        let function = #"{"type":"function_call","call_id":"c","name":"poll_command","arguments":"{}"}"#
        #expect(try answer(function, isStarted: false)["output"]?.string?.hasPrefix("not run") == true)
        #expect(try answer(function)["output"]?.string?.hasPrefix("interrupted") == true)
    }

    @Test func `a patch is whole or not there, which is known either way`() throws {
        #expect(try answer(Self.patch)["status"]?.string == "failed")
        let commit = CommitReport(
            id: "1", subject: "One",
            files: [FileSummary(path: "b", kind: .add), FileSummary(path: "a.txt", kind: .update)])
        let applied = try answer(Self.patch, committed: commit)
        #expect(applied["status"]?.string == "completed" && applied["output"]?.string == "Done: M a.txt")
        #expect(try answer(Self.patch, isStarted: false, committed: commit)["status"]?.string == "failed")
        let refused = RunEvent.itemCompleted(
            RunItem(id: "i", callID: "c", content: .fileChange([], PatchReport(isApplied: false, message: "no place"))))
        #expect(try answer(Self.patch, [refused], committed: commit)["output"]?.string == "no place")
    }

    @Test func `an order that has become a series is done`() throws {
        let order = #"{"type":"function_call","call_id":"c","name":"order_commits","arguments":"{}"}"#
        let series = SeriesReport(commits: [CommitReport(id: "1", subject: "One", files: [])], tree: "t", stepCount: 2)
        #expect(try answer(order, series: series)["output"]?.string == "Done: one commit")
    }
}
