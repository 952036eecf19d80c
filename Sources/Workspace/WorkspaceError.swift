/// Why the workspace of a run could not be made or removed.
public struct WorkspaceError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: String, Sendable {
        /// The repository does not allow it: it has no commit, or cannot be overlaid.
        case unsuitable
        /// The machine has no sandbox for that kind of working tree.
        case sandbox
        /// Another process is using it.
        case busy
        /// Graft did not make it and does not touch it.
        case notOurs
        /// The operating system refused.
        case system
    }

    /// What kind of failure it is.
    public let code: Code
    /// What was tried, on what, and why it failed; one line for a person.
    public let message: String
    /// What to do next.
    public let nextStep: String?
    /// The error behind it; nil where there is none.
    public let underlying: (any Error)?

    init(_ code: Code, _ message: String, nextStep: String? = nil, underlying: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.nextStep = nextStep
        self.underlying = underlying
    }

    /// The message and the next step.
    public var description: String { message + (nextStep.map { "; \($0)" } ?? "") }
}
