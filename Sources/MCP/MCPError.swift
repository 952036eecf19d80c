import JSON

/// Why a server cannot be used, or a request to it came to nothing.
public struct MCPError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: Sendable, Equatable {
        /// The definition cannot be used.
        case definition
        /// The program did not start, or nothing answered at the address.
        case notStarted
        /// The server has ended, or the connection to it.
        case closed
        /// A deadline passed.
        case timedOut
        /// The task was cancelled.
        case cancelled
        /// The server answered with this code of JSON-RPC.
        case refused(Int)
        /// The server answered with this status of HTTP.
        case status(Int)
        /// The server does not know the session any more.
        case sessionGone
        /// An answer was larger than its limit.
        case tooLarge
        /// The server says what the protocol does not allow.
        case invalid
    }

    /// What kind of failure it is.
    public let code: Code
    /// What was tried and why it failed; one line for a person.
    public let message: String
    /// What to do next.
    public let nextStep: String?
    /// What a server that refuses adds for machines.
    let details: JSON?

    /// Makes an error.
    public init(_ code: Code, _ message: String, nextStep: String? = nil) {
        self.init(code, message, nextStep: nextStep, details: nil)
    }

    init(_ code: Code, _ message: String, nextStep: String? = nil, details: JSON?) {
        self.code = code
        self.message = message
        self.nextStep = nextStep
        self.details = details
    }

    /// The message and the next step.
    public var description: String { message + (nextStep.map { "; \($0)" } ?? "") }
}
