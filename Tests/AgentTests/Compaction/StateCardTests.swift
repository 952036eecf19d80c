import Responses
import Session
import Testing
import Text

@testable import Agent

/// What the harness tells a model that has forgotten the conversation.
@Suite struct `The state card` {
    private func start(task: String?, command: String?) -> RunEvent {
        .runStarted(
            RunStart(
                repository: "/r", base: "b", start: "b", branch: "graft/x", tree: "/t", task: task, command: command,
                model: "m", endpoint: "e", sandbox: "s", time: 0))
    }

    private func card(_ events: RunEvent...) -> String { card(events) }

    private func card(_ events: [RunEvent]) -> String {
        var state = SessionState()
        for event in events { state.apply(event) }
        return StateCard(state).text
    }

    private func report(_ code: Int32, _ output: String) -> CommandReport {
        CommandReport(
            exitCode: code, ending: "exit \(code)", duration: .zero, output: output, outputByteCount: output.utf8.count)
    }

    private func commit(_ number: Int, _ path: String) -> RunEvent {
        .commitCreated(
            CommitReport(
                id: "\(number)00000000000", subject: "Step \(number)",
                files: [FileSummary(path: .init(spelled: path), kind: .update)]))
    }

    @Test func `says what was asked last, and that it counts`() throws {
        let text = card(start(task: "Do this,\n  and that.", command: "make test"))
        let newest = try #require(text.firstRange(of: "## The newest instruction (this is what counts)"))
        #expect(text[newest.upperBound...].contains("\n\nDo this,\n  and that.\n"))
        #expect(text.hasSuffix("Make this command pass:\n\n    make test\n"))
        #expect(card(start(task: nil, command: "make")).hasSuffix("counts)\n\nMake this command pass:\n\n    make\n"))
    }

    @Test func `has the newest of several instructions last, and the earlier ones before it`() throws {
        let resumed = RunResumption(
            time: 1, verdict: nil, prompt: "Now only the tests.", model: "m", endpoint: "e", policy: nil)
        let text = card(start(task: "Do all.", command: nil), .runResumed(resumed))
        let earlier = try #require(text.firstRange(of: "1. Do all.\n"))
        let newest = try #require(text.firstRange(of: "(this is what counts)\n\nNow only the tests.\n"))
        #expect(earlier.upperBound < newest.lowerBound && newest.upperBound == text.endIndex)
    }

    @Test func `says what is done and must not be done again`() {
        let milestone = Milestone(
            .rootCause, summary: "The limit is off by one",
            evidence: .init(command: "make test", file: "src/a.c", line: 12), by: .model)
        let seen = Milestone(.fixApplied, summary: "Committed", evidence: .init(commit: "100000000000"), by: .harness)
        let text = card(
            start(task: nil, command: "make"), .milestoneReported(milestone, turn: 1), commit(1, "src/a.c"),
            .milestoneReported(seen, turn: 2), commit(2, "b.c"))
        #expect(text.contains("- root cause: The limit is off by one [src/a.c:12, `make test`]\n"))
        #expect(text.contains("- fix applied (seen by the harness): Committed [commit 1000000000]\n"))
        #expect(text.contains("- 1000000000 Step 1 (src/a.c)\n- 2000000000 Step 2 (b.c)\n"))
        #expect(text.contains("## Files changed\n\nsrc/a.c, b.c\n") && text.contains("do not do it again"))
    }

    @Test func `says what remains, from the last run of the command`() {
        let begun = start(task: nil, command: "pytest")
        let failing = report(1, "FAILED t.py::one - boom\nFAILED t.py::two - bang\n")
        let first = card(begun, .baseline(failing, failures: ["t.py::one", "t.py::two"]))
        #expect(first.contains("last run before anything was done: exit 1.\nIt fails on:\n- t.py::one: boom\n"))
        let later = RunEvent.itemCompleted(
            RunItem(
                id: "item_1",
                content: .commandExecution(command: "pytest", report(1, "FAILED t.py::two - bang\n"))))
        let second = card(begun, .baseline(failing, failures: ["t.py::one", "t.py::two"]), later)
        #expect(second.contains("in the working tree: exit 1.\nIt fails on:\n- t.py::two: bang\n"))
        #expect(!second.contains("t.py::one"))
    }

    @Test func `has the model's plan as it was last told, also in a session that goes on`() {
        func told(_ status: TodoList.Status) -> RunEvent {
            .itemUpdated(
                RunItem(id: "item_1", content: .todoList(TodoList([.init("Look", status), .init("Mend", .pending)]))))
        }
        let resumed = RunResumption(time: 1, verdict: nil, prompt: nil, model: "m", endpoint: "e", policy: nil)
        let text = card(start(task: nil, command: "make"), told(.inProgress), told(.completed), .runResumed(resumed))
        #expect(text.contains("\n1. [completed] Look\n2. [pending] Mend\n") && !text.contains("in progress"))
    }

    @Test func `names the commands that still run`() {
        let server = RunItem(
            id: "item_1", content: .startedCommand(StartedCommand(handle: "p1", command: "make\nserve")))
        #expect(card(.itemStarted(server)).contains("## Commands that still run\n\n- p1: make serve\n"))
    }

    @Test func `is the same every time, and bounded, and keeps the newest of what is too much`() {
        var events = [start(task: "The task.", command: "make")]
        for number in 1...400 {
            let summary = "Milestone \(number) " + String(repeating: "é", count: 600)
            events.append(.milestoneReported(Milestone(.progress, summary: summary, by: .model), turn: number))
            events.append(commit(number, "folder/file-\(number).c"))
        }
        let text = card(events)
        #expect(text == card(events))
        #expect(text.utf8.count < 8192 + 400)
        #expect(text.contains("Milestone 400 ") && !text.contains("Milestone 1 "))
        #expect(text.hasSuffix("\n\nThe task.\n\nMake this command pass:\n\n    make\n"))
    }

    @Test func `is known by its first line`() {
        #expect(StateCard.isCard(StateCard(SessionState()).item))
        #expect(!StateCard.isCard(.message(role: "user", text: "Where the work stands")))
    }
}
