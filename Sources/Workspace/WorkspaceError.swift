/// Why a run's place could not be made ready or cleaned up.
public struct WorkspaceError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: String, Sendable {
        /// The repository has no such place for a run: it has no commit, or cannot be shown as asked for.
        case unsuitable
        /// The machine has no sandbox that shows the files as asked for.
        case sandbox
        /// Somebody else is at work there.
        case busy
        /// It is not what Graft has made, and is left alone.
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

    init(_ code: Code, _ message: String, nextStep: String? = nil) {
        self.code = code
        self.message = message
        self.nextStep = nextStep
    }

    /// The message and the next step.
    public var description: String { message + (nextStep.map { "; \($0)" } ?? "") }
}
