/// Why a series was not published.
public struct ForgeError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: Sendable, Hashable {
        /// What was asked for cannot be understood or used: an address, a flag.
        case usage
        /// It is not done as things are: the verdict, a protected branch, commits of somebody else.
        case refused
        /// There is no token, or it may not do this.
        case credentials
        /// The forge refused what it was asked for, or answered what cannot be understood.
        case forge
        /// The forge could not be reached, or asks to come back later.
        case temporary
    }

    /// What kind of failure it is.
    public let code: Code
    /// What was tried, on what, and why it failed; one line for a person.
    public let message: String
    /// What to do next.
    public let nextStep: String?
    /// Whether the forge may have done it all the same.
    let mayBeDone: Bool

    /// Makes an error.
    public init(_ code: Code, _ message: String, nextStep: String? = nil) {
        self.init(code, message, nextStep: nextStep, mayBeDone: false)
    }

    init(_ code: Code, _ message: String, nextStep: String? = nil, mayBeDone: Bool) {
        self.code = code
        self.message = message
        self.nextStep = nextStep
        self.mayBeDone = mayBeDone
    }

    /// The message and the next step.
    public var description: String { message + (nextStep.map { "; \($0)" } ?? "") }
}
