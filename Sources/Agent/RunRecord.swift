import Evidence
import Session
import Synchronization

/// What is known of a run so far: whenever it ends, the result is made from this.
final class RunRecord: Sendable {
    private let isFinished = Atomic(false)
    private let known = Mutex(RunResult(verdict: .internal, message: ""))

    /// Whether nobody has finished the run yet; true for the first who asks.
    var isFirstToFinish: Bool { !isFinished.exchange(true, ordering: .acquiringAndReleasing) }

    /// Takes note of something.
    func note(_ change: (inout sending RunResult) -> Void) {
        known.withLock { change(&$0) }
    }

    /// The result with its verdict.
    func result(_ ending: Ending) -> RunResult {
        known.withLock {
            var result = $0
            result.verdict = ending.verdict
            result.message = ending.message
            return result
        }
    }
}
