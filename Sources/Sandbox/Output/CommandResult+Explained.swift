import Text

extension CommandResult.Outcome {
    /// The outcome in a few words; `timeout` is the limit that was set.
    public func explained(timeout: Duration) -> String {
        switch self {
        case .exited(let status): "exit \(status)"
        case .signalled(let signal): "killed by \(signalName ?? "signal \(signal)")"
        case .timedOut: "timed out after \(timeout.spelled)"
        case .cancelled: "interrupted"
        case .notStarted(let message): "not started: \(message)"
        }
    }
}
