import Session
import Text

/// How long a command may run, and who says so.
struct TimeLimit: Sendable, Equatable {
    let duration: Duration
    private let reason: String

    /// - Parameters:
    ///   - asked: What the model asks for.
    ///   - usual: What it gets without asking; nil for all that the settings allow.
    ///   - longest: What the settings allow.
    init(asked: Duration?, usual: Duration?, longest: Duration) {
        let wanted = max(asked ?? usual ?? longest, .milliseconds(1))
        duration = min(wanted, longest)
        if wanted >= longest {
            reason = "the most a command gets"
        } else if asked == nil {
            reason = "the usual limit, timeout_ms can ask for up to \(longest.spelled)"
        } else {
            reason = "its timeout_ms"
        }
    }

    /// The limit for the model, once it has been reached.
    var explained: String { "timed out after \(duration.spelled): \(reason)" }
}
