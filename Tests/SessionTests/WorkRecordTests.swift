import JSON
import Responses
import Testing

@testable import Session

/// What is known of the work without the conversation, and what a compaction makes of the window.
@Suite struct WorkRecordTests {
    private func state(_ events: RunEvent...) -> SessionState {
        var state = SessionState()
        for event in events { state.apply(event) }
        return state
    }

    private func ran(_ line: String, exit code: Int32) -> RunEvent {
        let report = CommandReport(
            exitCode: code, ending: "exit \(code)", duration: .zero, output: "\(code)", outputByteCount: 1)
        return .itemCompleted(RunItem(id: "item_1", content: .commandExecution(command: line, report)))
    }

    private func compaction(_ items: [Item], usage: Usage? = nil) -> RunEvent {
        .windowCompacted(
            CompactionReport(
                turn: 1, reason: .milestone, milestone: .rootCause, route: .trigger, tokensBefore: 100, tokensAfter: 10,
                duration: .zero, usage: usage, items: items))
    }

    @Test func `a compaction replaces the window, and what follows is appended`() throws {
        let old = Item.message(role: "user", text: "old")
        let compacted = try Item(Array("{ \"type\":\"compaction\"}".utf8))
        let items = [Item.message(role: "developer", text: "rules"), compacted]
        let next = Item.message(role: "user", text: "next")
        var usage = Usage()
        usage.output = 7
        let state = state(
            .inputItem(old, turn: 0), .turnStarted(1), .responseItem(old, turn: 1),
            .turnCompleted(TurnReport(turn: 1, response: ResponseID("r"), usage: nil, duration: .zero)),
            compaction(items, usage: usage), .inputItem(next, turn: 1))
        #expect(state.window.items.map(\.raw) == (items + [next]).map(\.raw))
        #expect(state.window.epoch == 1 && state.work.compactionCount == 1)
        #expect(state.result.usage.output == 7 && state.result.turns == 1)
        #expect(state.work.opening == [old])
    }

    @Test func `a compaction leaves no call open that it has taken in`() throws {
        let call = try Item(Array(#"{"type":"function_call","call_id":"a","name":"f","arguments":"{}"}"#.utf8))
        let answer = Item(type: "function_call_output", callID: "a") { $0.member("output", "") }
        #expect(state(.inputItem(call, turn: 1), compaction([])).openCalls.isEmpty)
        #expect(state(compaction([call, answer])).openCalls.isEmpty)
        #expect(state(compaction([call])).openCalls.count == 1)
    }

    @Test func `the last run of the command that decides is known, with its place`() {
        var start = EventTable.start
        start.command = "make  test"
        let begun = RunEvent.runStarted(start)
        #expect(state(begun, ran("make", exit: 0)).work.decidingRun == nil)
        for line in ["make test", " make test\n", "make test 2>&1"] {
            let run = state(begun, .baseline(EventTable.command, failures: []), ran(line, exit: 2)).work.decidingRun
            #expect(run?.place == .tree && run?.report.exitCode == 2)
        }
        let verified = Verification(commit: "c", report: EventTable.plainCommand)
        #expect(state(begun, ran("make test", exit: 2), .verified(verified)).work.decidingRun?.place == .commit("c"))
        #expect(state(begun, .baseline(EventTable.command, failures: [])).work.decidingRun?.place == .beginning)
    }

    @Test func `files are known in the order in which they were last read`() {
        let work = state(
            ran("cat a.c b.c", exit: 0), ran("sed -n 1,9p src/c.h | head", exit: 0), ran("tail a.c", exit: 0)
        ).work
        #expect(work.readFiles == ["b.c", "src/c.h", "a.c"])
    }

    @Test func `commands that go on are known until they end`() {
        let server = StartedCommand(handle: "p1", command: "serve")
        var ended = server
        ended.report = EventTable.plainCommand
        let started = RunEvent.itemStarted(RunItem(id: "item_1", content: .startedCommand(server)))
        #expect(state(started).work.runningCommands.map(\.handle) == ["p1"])
        let completed = RunEvent.itemCompleted(RunItem(id: "item_1", content: .startedCommand(ended)))
        #expect(state(started, completed).work.runningCommands.isEmpty)
        #expect(state(started, .runFinished(EventTable.result)).work.runningCommands.isEmpty)
    }
}
