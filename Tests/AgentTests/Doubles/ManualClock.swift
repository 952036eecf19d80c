import Agent
import Synchronization

/// A clock that stands still until a test sets it on.
final class ManualClock: Sendable {
    private struct State {
        var elapsed: Duration = .zero
        var sleepers: [(end: Duration, gate: Gate)] = []
        var asked: [Duration] = []
    }

    private let start = ContinuousClock.now
    private let state = Mutex(State())
    private let slept = Gate()

    /// The time it shows.
    var now: ContinuousClock.Instant { start + state.withLock { $0.elapsed } }

    /// How long it was asked to wait, each time.
    var sleeps: [Duration] { state.withLock { $0.asked } }

    /// The clock as a run takes it.
    var runClock: RunClock {
        RunClock(now: { self.now }, date: { 1_700_000_000 }, sleep: { try await self.sleep($0) })
    }

    /// Sets the clock on, which wakes those whose time has come.
    func advance(by duration: Duration) {
        state.withLock { state in
            state.elapsed += duration
            for sleeper in state.sleepers where sleeper.end <= state.elapsed { sleeper.gate.open() }
        }
    }

    /// Waits until somebody waits for a time.
    func hasSleeper() async throws { try await slept.pass() }

    private func sleep(_ duration: Duration) async throws {
        let gate = Gate()
        state.withLock {
            $0.asked.append(duration)
            $0.sleepers.append(($0.elapsed + duration, gate))
        }
        slept.open()
        try await gate.pass()
    }
}
