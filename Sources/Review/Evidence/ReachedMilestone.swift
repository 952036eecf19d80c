public import Session
import Text

/// A milestone of a run, and when it was reached.
public struct ReachedMilestone: Sendable {
    /// What was reached.
    public let milestone: Milestone
    /// The turn in which it was reported; 0 for one that was seen before the first.
    public let turn: Int
    /// How long after the beginning of the run.
    public let time: Duration

    /// When it was reached, in words: `turn 3, after 2 min`.
    public var place: String {
        let after = "after \(time.spelled)"
        return turn > 0 ? "turn \(turn), \(after)" : after
    }
}
