import Repository
import Session

/// Passes events on, and reports the milestones that they show: those that the harness has seen itself.
struct MilestoneWatch: EventSink {
    private let events: any RunJournal

    init(_ events: any RunJournal) { self.events = events }

    func nextItemID() -> String { events.nextItemID() }

    func record(_ event: RunEvent) {
        events.record(event)
        guard let milestone = milestone(after: event) else { return }
        events.record(.milestoneReported(milestone, turn: events.state.turns.count))
    }

    private func milestone(after event: RunEvent) -> Milestone? {
        switch event {
        case .itemCompleted(let item):
            guard case .commandExecution(let command, let report?) = item.content, report.isSuccess else { return nil }
            let work = events.state.work
            let isKnown = work.milestones.contains { $0.kind == .verified && $0.reporter == .harness }
            guard !isKnown, work.isDeciding(command) else { return nil }
            return Milestone(
                .verified, summary: "The command passes in the working tree", evidence: .init(command: command),
                by: .harness)
        case .commitCreated(let commit):
            let last = events.state.work.milestones.last { [.rootCause, .fixApplied].contains($0.kind) }
            guard last?.kind == .rootCause else { return nil }
            return Milestone(
                .fixApplied, summary: "A change is committed after the root cause was found: \(commit.subject)",
                evidence: .init(commit: commit.id), by: .harness)
        default: return nil
        }
    }
}
