import Foundation
import JSON
import Responses
import Testing

@testable import Session

/// What a journal adds up to when the session has gone on, and when it has been killed at any place.
@Suite struct ResumedSessionTests {
    private func call(_ id: String) throws -> Item {
        try Item(Array(#"{"type":"shell_call","call_id":"\#(id)","action":{"commands":["a","b"]}}"#.utf8))
    }

    private func state(_ events: [RunEvent]) -> SessionState {
        var state = SessionState()
        for event in events { state.apply(event) }
        return state
    }

    private func turn(_ number: Int, _ items: Item...) -> [RunEvent] {
        [.turnStarted(number)] + items.map { .responseItem($0, turn: number) }
            + [.turnCompleted(TurnReport(turn: number, response: ResponseID("r"), usage: nil, duration: .zero))]
    }

    private static let commit = RunEvent.commitCreated(CommitReport(id: "1", subject: "One", files: []))

    private func ended(_ verdict: Verdict) -> RunEvent {
        var result = RunResult(verdict: verdict, message: "over")
        (result.commit, result.turns) = ("1", 1)
        result.commits = [CommitReport(id: "1", subject: "One", files: [])]
        return .runFinished(result)
    }

    @Test func `a session that goes on has no result any more, and what it did before counts`() {
        let events = [.runStarted(EventTable.start), Self.commit] + turn(1) + [ended(.budget)]
        #expect(state(events).phase == .finished)
        let resumed = state(events + [.runResumed(EventTable.resumption)])
        #expect(resumed.phase == .running && resumed.resumptionCount == 1)
        #expect(resumed.result.commits.map(\.id) == ["1"] && resumed.turns.count == 1)
        #expect(resumed.start?.model == "m2" && resumed.start?.policy == EventTable.resumption.policy)
        let more = CommitReport(id: "2", subject: "Two", files: [])
        let over = state(events + [.runResumed(EventTable.resumption), .commitCreated(more)] + turn(2))
        #expect(over.result(.fixed, "").commits.map(\.id) == ["1", "2"] && over.result.turns == 2)
    }

    @Test func `the last result of a journal is the session's, and none behind it is`() throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "resumed-\(UUID().uuidString)").path
        let (id, store) = (SessionID("20260101-000000-aaaa"), SessionStore(environment: ["XDG_STATE_HOME": root]))
        let folder = try SessionFolder(id, environment: ["XDG_STATE_HOME": root])
        func write(_ events: [RunEvent]) throws {
            let lines = events.flatMap { $0.line(at: .zero) ?? [] }
            try Data(lines).write(to: URL(fileURLWithPath: folder.journal))
        }
        let start: [RunEvent] = [.runStarted(EventTable.start), ended(.budget), .runResumed(EventTable.resumption)]
        try write(start)
        #expect(try store.summary(of: id).state == .crashed && store.summary(of: id).result == nil)
        try write(start + [ended(.fixed)])
        #expect(try store.summary(of: id).result?.verdict == .fixed)
    }

    @Test func `what a call had done when it was cut short is known as far as it was recorded`() throws {
        let report = EventTable.plainCommand
        let done = RunItem(id: "item_1", callID: "c", content: .commandExecution(command: "a", report))
        let begun = RunItem(id: "item_2", callID: "c", content: .commandExecution(command: "b", nil))
        let events =
            turn(1, try call("c"), try call("d"))
            + [.callStarted(CallStart(callID: "c", name: "shell", turn: 1)), .itemCompleted(done), .itemStarted(begun)]
        let open = state(events).openCalls
        #expect(open.map(\.isStarted) == [true, false])
        #expect(open[0].trace.commands == [report] && open[1].trace == OpenCall.Trace())
        #expect(state(events).stepCount == 1)
        let refused = RunItem(id: "item_3", callID: "d", content: .error("no such tool"))
        #expect(state(events + [.itemCompleted(refused)]).openCalls[1].trace.text == "no such tool")
        let answer = Item(type: "shell_call_output", callID: "c") { $0.member("output", array: { _ in }) }
        #expect(state(events + [.inputItem(answer, turn: 1)]).openCalls.map(\.item.callID) == ["d"])
    }

    @Test func `a claim is known with the first thing that it was told`() {
        let said = RunEvent.inputItem(.message(role: "user", text: "order"), turn: 1)
        let claimed = turn(1) + [.taskClaimed(summary: "done")]
        #expect(state(claimed).claim?.replyCount == 0 && state(claimed).claim?.turn == 1)
        let told = state(claimed + [said, .inputItem(.message(role: "user", text: "still failing"), turn: 1)])
        #expect(told.claim?.reply?.messageText == "order" && told.claim?.replyCount == 2)
        let again = state(claimed + [said] + turn(2) + [.taskClaimed(summary: "now")])
        #expect(again.claim == Claim(text: "now", turn: 2, stepCount: 0))
    }

    @Test func `an event that cannot be read and a line that is none are known`() throws {
        let unknown = try #require(JournalLine(Array(#"{"type":"weather.changed","t_ms":0}"#.utf8)))
        #expect(state([unknown.event, .notice("x")]).unreadableEvent == "weather.changed")
        let root = FileManager.default.temporaryDirectory.appending(path: "damaged-\(UUID().uuidString)").path
        let (id, store) = (SessionID("20260101-000000-aaaa"), SessionStore(environment: ["XDG_STATE_HOME": root]))
        let folder = try SessionFolder(id, environment: ["XDG_STATE_HOME": root])
        let line = try #require(RunEvent.notice("x").line(at: .zero))
        try Data(line + Array("{\"type\":\n".utf8) + line).write(to: URL(fileURLWithPath: folder.journal))
        let opened = try store.open(id)
        #expect(opened.damagedLine == 2)
        opened.journal.close()
    }

    @Test func `who has a session is said`() throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "used-\(UUID().uuidString)").path
        let (id, store) = (SessionID("20260101-000000-aaaa"), SessionStore(environment: ["XDG_STATE_HOME": root]))
        let folder = try SessionFolder(id, environment: ["XDG_STATE_HOME": root])
        try Data().write(to: URL(fileURLWithPath: folder.journal))
        let opened = try store.open(id)
        let error = #expect(throws: SessionError.self) { try store.open(id) }
        #expect(error?.code == .inUse && error?.message.contains("process \(getpid())") == true)
        opened.journal.close()
    }

    @Test func `ten thousand items are read quickly`() throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "long-\(UUID().uuidString)").path
        let (id, store) = (SessionID("20260101-000000-aaaa"), SessionStore(environment: ["XDG_STATE_HOME": root]))
        let folder = try SessionFolder(id, environment: ["XDG_STATE_HOME": root])
        var bytes: [UInt8] = RunEvent.runStarted(EventTable.start).line(at: .zero) ?? []
        for number in 0..<5000 {
            let answer = Item(type: "shell_call_output", callID: "c\(number)") {
                $0.member("output", String(repeating: "line of output\n", count: 20))
            }
            let events =
                turn(number + 1, try call("c\(number)"))
                + [.callStarted(CallStart(callID: "c\(number)", name: "shell", turn: number + 1))]
                + [.inputItem(answer, turn: number + 1), Self.commit]
            for event in events { bytes += event.line(at: .zero) ?? [] }
        }
        try Data(bytes).write(to: URL(fileURLWithPath: folder.journal))
        let clock = ContinuousClock()
        var opened: OpenedSession?
        let time = try clock.measure { opened = try store.open(id) }
        #expect(opened?.state.window.items.count == 10_000 && opened?.state.steps.count == 5000)
        // An unoptimized build on a loaded machine; work that grew with the square would take minutes.
        #expect(time < .seconds(20))
        print("10,000 items of \(bytes.count / 1024) KiB: \(time)")
        opened?.journal.close()
    }
}
