import Synchronization

/// Why a run has to stop before its end; raised once, from anywhere.
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
        var stop: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// Starts without a reason to stop.
    public init() {}

    /// The reason, once there is one.
    public var reason: Reason? { state.withLock { $0.reason } }

    /// Stops the run; later reasons change nothing.
    public func raise(_ reason: Reason) {
        let stop = state.withLock { state -> (@Sendable () -> Void)? in
            guard state.reason == nil else { return nil }
            state.reason = reason
            return state.stop
        }
        stop?()
    }

    /// Says what stops the run; called at once if there is a reason already.
    public func onRaise(_ stop: @escaping @Sendable () -> Void) {
        let isRaised = state.withLock { state in
            state.stop = stop
            return state.reason != nil
        }
        if isRaised { stop() }
    }
}
