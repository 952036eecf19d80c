public import Repository

/// Why a step of a review failed; nothing was changed.
public struct ReviewError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: String, Sendable {
        /// What was named is not there, or more than one thing is meant.
        case usage
        /// It is not possible in the current state.
        case refused
        /// The change does not apply; `conflict` says where.
        case conflict
        /// Graft or the machine failed.
        case `internal`
    }

    /// What kind of failure it is.
    public let code: Code
    /// What was tried, on what, and why it failed; one line for a person.
    public let message: String
    /// What to do next.
    public let nextStep: String?
    /// The conflicting places.
    public let conflict: SeriesConflict?

    /// Makes an error.
    public init(_ code: Code, _ message: String, nextStep: String? = nil, conflict: SeriesConflict? = nil) {
        self.code = code
        self.message = message
        self.nextStep = nextStep
        self.conflict = conflict
    }

    /// The message and the next step.
    public var description: String { message + (nextStep.map { "; \($0)" } ?? "") }
}
