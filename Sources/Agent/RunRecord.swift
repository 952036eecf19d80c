import Responses
import Session
import Synchronization

/// What is known of a run so far, folded from its events: whenever it ends, the result is made from this.
final class RunRecord: RunLog {
    private struct State {
        var result = RunResult(verdict: .internal, message: "")
        var steps: [CommitReport] = []
        var branch: String?
    }

    private let journal: Journal
    private let isFinished = Atomic(false)
    private let state = Mutex(State())

    init(_ journal: Journal) {
        self.journal = journal
    }

    /// Whether nobody has finished the run yet; true for the first who asks.
    var isFirstToFinish: Bool { !isFinished.exchange(true, ordering: .acquiringAndReleasing) }

    var failure: SessionError? { journal.failure }

    func sync() { journal.sync() }

    func nextItemID() -> String { journal.nextItemID() }

    func record(_ event: RunEvent) {
        state.withLock { Self.apply(event, to: &$0) }
        journal.record(event)
    }

    /// Takes note of something that no event tells.
    func note(_ change: (inout sending RunResult) -> Void) {
        state.withLock { change(&$0.result) }
    }

    /// The result with its verdict.
    func result(_ ending: RunEnding) -> RunResult {
        state.withLock {
            var result = $0.result
            result.verdict = ending.verdict
            result.message = ending.message
            return result
        }
    }

    private static func apply(_ event: RunEvent, to state: inout State) {
        switch event {
        case .runStarted(let start): state.branch = start.branch
        case .baseline(let report, _): state.result.baseline = report
        case .turnCompleted(let turn):
            state.result.turns = turn.turn
            if let usage = turn.usage { state.result.usage += usage }
        case .commitCreated(let commit):
            state.steps.append(commit)
            state.result.commits = state.steps
            state.result.branch = state.branch
            state.result.commit = commit.id
        case .seriesOrdered(let series):
            state.result.commits = series.commits
            state.result.commit = series.commits.last?.id ?? state.result.commit
        case .verified(let verification):
            state.result.verification = verification
            state.result.commit = verification.commit
        default: break
        }
    }
}
