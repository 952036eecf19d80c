import Glibc
import Session
import Text

/// The time as a run sees it; a test passes in its own.
public struct RunClock: Sendable {
    /// The time on a clock that is never set.
    public var now: @Sendable () -> ContinuousClock.Instant
    /// Seconds since 1970.
    public var date: @Sendable () -> Int
    /// Waits for a time.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void

    /// Takes the three ways to tell and spend time.
    public init(
        now: @escaping @Sendable () -> ContinuousClock.Instant, date: @escaping @Sendable () -> Int,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.date = date
        self.sleep = sleep
    }

    /// Does something for so long at most.
    ///
    /// - Throws: `RunEnding` with the verdict `temporary` when the time is up; what is being done is cancelled then.
    func limiting<Value: Sendable>(
        _ limit: Duration, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await work() }
            group.addTask {
                try await sleep(limit)
                throw RunEnding(.temporary, "no answer within \(limit.spelled)")
            }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }

    /// The machine's own clocks.
    public static let system = RunClock(
        now: { .now }, date: { time(nil) }, sleep: { try await Task.sleep(for: $0) })
}
