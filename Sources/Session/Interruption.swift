import Synchronization

/// Why a run has to stop before its end; raised from anywhere, and only the first reason counts.
///
/// A person or the system may raise again, or raise while a verification is under way: then nothing more is verified.
public final class Interruption: Sendable {
    /// The reasons.
    public enum Reason: Sendable {
        /// SIGINT.
        case interrupted
        /// SIGTERM.
        case terminated
        /// The run's time is up.
        case timeUp
    }

    private struct State {
        var reason: Reason?
        var isHurried = false
        var stop: (@Sendable () -> Void)?
        var skip: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// Starts without a reason to stop.
    public init() {}

    /// The reason, once there is one.
    public var reason: Reason? { state.withLock { $0.reason } }

    /// Whether nothing more is to be verified: a signal has ended a verification, or has come after another reason.
    public var isHurried: Bool { state.withLock { $0.isHurried } }

    /// Stops the run for the first reason; a signal also ends the verification that is under way.
    ///
    /// - Returns: Whether that stopped anything; if not, the run has been told already.
    @discardableResult
    public func raise(_ reason: Reason) -> Bool {
        let handlers = state.withLock { state -> [@Sendable () -> Void] in
            var handlers: [@Sendable () -> Void] = []
            if reason != .timeUp {
                if state.reason != nil || state.skip != nil { state.isHurried = true }
                if let skip = state.skip { handlers.append(skip) }
                state.skip = nil
            }
            if state.reason == nil {
                state.reason = reason
                handlers.append(state.stop ?? {})
            }
            return handlers
        }
        for handler in handlers { handler() }
        return !handlers.isEmpty
    }

    /// Says what stops the run; called at once if there is a reason already.
    public func onRaise(_ stop: @escaping @Sendable () -> Void) {
        let isRaised = state.withLock { state in
            state.stop = stop
            return state.reason != nil
        }
        if isRaised { stop() }
    }

    /// Says what a signal ends while the body runs, beside the run: a verification, which the end of the run's time
    /// does not cut off.
    ///
    /// - Parameter known: The reason that whoever runs the body has taken into account. A signal that has come since,
    ///   before there was anything to end, ends the body, too.
    public func whileSkippable<Result>(
        after known: Reason?, _ skip: @escaping @Sendable () -> Void, _ body: () async throws -> Result
    ) async rethrows -> Result {
        let isLate = state.withLock { state in
            state.skip = skip
            return state.isHurried || (state.reason != known && state.reason != .timeUp)
        }
        if isLate { skip() }
        defer { state.withLock { $0.skip = nil } }
        return try await body()
    }
}
