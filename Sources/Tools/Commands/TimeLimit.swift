import Session
import Text

/// The time limit of a command, and its origin.
struct TimeLimit: Sendable, Equatable {
    let duration: Duration
    private let reason: String

    /// - Parameters:
    ///   - asked: The limit that the model asks for.
    ///   - usual: The default limit; nil for the longest one.
    ///   - longest: The limit of the settings.
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

    /// The message for the model when the limit is reached.
    var explained: String { "timed out after \(duration.spelled): \(reason)" }
}
