import Session
import TestSupport
import Testing

@testable import Agent

/// What the harness sees itself.
@Suite struct `A milestone that the harness sees` {
    private let events = RecordedEvents()

    private func watch() -> MilestoneWatch {
        events.record(
            .runStarted(
                RunStart(
                    repository: "/r", base: "b", start: "b", branch: "graft/x", tree: "/t", task: nil,
                    command: "make test", model: "m", endpoint: "e", sandbox: "s", time: 0)))
        return MilestoneWatch(events)
    }

    private func ran(_ line: String, _ code: Int32) -> RunEvent {
        let report = CommandReport(
            exitCode: code, ending: "exit \(code)", duration: .zero, output: "", outputByteCount: 0)
        return .itemCompleted(RunItem(id: "item_1", content: .commandExecution(command: line, report)))
    }

    private let commit = RunEvent.commitCreated(CommitReport(id: "abc", subject: "Mend it", files: []))

    private var milestones: [Milestone] { events.state.work.milestones }

    @Test func `is that the command passes for the first time`() {
        let watch = watch()
        for event in [ran("make test", 1), ran("make", 0)] { watch.record(event) }
        #expect(milestones.isEmpty)
        for _ in 0..<2 { watch.record(ran("make test 2>&1", 0)) }
        #expect(milestones.map(\.kind) == [.verified] && milestones.map(\.reporter) == [.harness])
        #expect(milestones.first?.evidence.command == "make test 2>&1")
    }

    @Test func `is a step that is committed after a root cause, once for each`() {
        let watch = watch()
        watch.record(commit)
        #expect(milestones.isEmpty)
        watch.record(.milestoneReported(Milestone(.rootCause, summary: "So.", by: .model), turn: 1))
        for _ in 0..<2 { watch.record(commit) }
        #expect(milestones.map(\.kind) == [.rootCause, .fixApplied])
        #expect(milestones.last?.evidence.commit == "abc")
        #expect(milestones.last?.summary.hasSuffix("Mend it") == true)
        watch.record(.milestoneReported(Milestone(.rootCause, summary: "Another.", by: .model), turn: 1))
        watch.record(commit)
        #expect(milestones.map(\.kind) == [.rootCause, .fixApplied, .rootCause, .fixApplied])
    }

    @Test func `is not told again where the model has told it`() {
        let watch = watch()
        for kind in [Milestone.Kind.rootCause, .fixApplied] {
            watch.record(.milestoneReported(Milestone(kind, summary: "So.", by: .model), turn: 1))
        }
        watch.record(commit)
        #expect(milestones.count == 2)
    }
}
