import Repository
import Session
import Synchronization
import Text

/// What the deciding command says of a run's commits: when the model is done, and whenever the run has to end.
///
/// The end of the run's time does not cut a verification off that is under way; it then has the time that one at the
/// end would have. A signal does.
final class Proof: Sendable {
    private struct Known {
        /// How long the command took the last time that it came to an end.
        var duration: Duration?
        var last: (commit: CommitID, judgement: Judgement)?
        /// The commit whose verification took too long.
        var cutOff: CommitID?
    }

    private let verify: Judge
    private let events: any RunJournal
    private let interruption: Interruption
    private let clock: RunClock
    private let deadline: ContinuousClock.Instant?
    private let known: Mutex<Known>

    /// Prepares verifications.
    ///
    /// - Parameters:
    ///   - verify: Runs the command on a clean checkout of a commit, until it ends or its task is cancelled.
    ///   - baseline: How the command ended before anything was done; nil if it was not run.
    ///   - deadline: When the run's time is up.
    init(
        _ verify: @escaping Judge, events: any RunJournal, interruption: Interruption, clock: RunClock,
        baseline: CommandReport?, deadline: ContinuousClock.Instant?
    ) {
        self.verify = verify
        self.events = events
        self.interruption = interruption
        self.clock = clock
        self.deadline = deadline
        known = Mutex(Known(duration: baseline?.ownDuration))
    }

    /// Judges a commit that the model takes for good.
    ///
    /// - Throws: `CancellationError` when the run is interrupted meanwhile, and what keeps the command from running.
    func judge(_ commit: CommitID) async throws -> Judgement {
        let judgement = try await run(on: commit, atMost: timeLeft, after: nil)
        try Task.checkCancellation()
        return judgement
    }

    /// Verifies what is committed when the run ends in whatever way, unless that has been done: where the command
    /// passes, that is the end it has come to.
    func close(_ ending: RunEnding, at standing: Standing) async -> RunEnding {
        guard standing.hasSteps, ending.verdict != .fixed, ending.verdict != .needsReview else { return ending }
        if let last = known.withLock({ $0.last }), last.commit == standing.tip {
            return RunEnding(last.judgement, of: standing.tip, endedEarly: ending) ?? ending
        }
        let reason = interruption.reason
        let limit = reason.map(allowance) ?? timeLeft
        guard events.failure == nil, !interruption.isHurried, canPass(standing.tip, within: limit) else {
            return ending
        }
        let way = reason == .interrupted ? "ctrl-C again skips it" : "ctrl-C skips it"
        let time = reason == nil ? "" : limit.map { " (\($0.spelled) at most)" } ?? ""
        events.record(.notice("\(ending.message); verifying what is committed; \(way)\(time)"))
        do {
            let judgement = try await run(on: standing.tip, atMost: limit, after: reason)
            return RunEnding(judgement, of: standing.tip, endedEarly: ending) ?? ending
        } catch is CancellationError {
            return ending
        } catch {
            let trouble = RunEnding(error, interruption: nil).message
            events.record(.notice("what is committed could not be verified: \(trouble)"))
            return ending
        }
    }

    /// How long a verification may take while nothing has stopped the run; nil without a limit.
    private var timeLeft: Duration? {
        deadline.map { max($0 - clock.now(), .zero) + allowance(for: .timeUp) }
    }

    /// How long a verification may take when the run has to stop: twice as long as the command took the last time, and
    /// more for the checkout and for what a failure has cut short, but no longer than whoever stopped it waits.
    private func allowance(for reason: Interruption.Reason) -> Duration {
        let (longest, more): (Duration, Duration) =
            switch reason {
            case .timeUp: (.seconds(300), .seconds(30))
            case .interrupted: (.seconds(60), .seconds(10))
            // After SIGTERM comes SIGKILL, often ten seconds later, and commands have to be ended before.
            case .terminated: (.seconds(5), .seconds(5))
            }
        guard let duration = known.withLock({ $0.duration }) else { return min(longest, .seconds(60)) }
        return min(longest, duration * 2 + more)
    }

    /// Whether the command may come to its end in that time, as far as is known.
    private func canPass(_ commit: CommitID, within limit: Duration?) -> Bool {
        let known = known.withLock { $0 }
        if known.cutOff == commit { return false }
        guard let limit, let duration = known.duration else { return true }
        return duration <= limit
    }

    private func run(
        on commit: CommitID, atMost limit: Duration?, after reason: Interruption.Reason?
    ) async throws -> Judgement {
        let (verify, clock) = (verify, clock)
        // A task of its own is not cancelled with the run.
        let work = Task {
            do {
                let judgement = try await verify(commit)
                try Task.checkCancellation()
                return judgement
            } catch {
                // A sandbox that is cancelled while it is tried seems not to work.
                try Task.checkCancellation()
                throw error
            }
        }
        let timer = limit.map { limit in
            Task {
                // A cancelled sleep means that the command ended in time.
                guard (try? await clock.sleep(limit)) != nil else { return }
                known.withLock { $0.cutOff = commit }
                work.cancel()
            }
        }
        defer { timer?.cancel() }
        let judgement = try await interruption.whileSkippable(after: reason, { work.cancel() }) { try await work.value }
        known.withLock {
            $0.duration = judgement.duration ?? $0.duration
            $0.last = (commit, judgement)
        }
        events.record(.verified(judgement.verification))
        return judgement
    }
}
