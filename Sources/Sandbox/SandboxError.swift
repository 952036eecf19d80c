public import OS
import TOML

/// Why no sandbox could be set up, a command not be started, or a policy not be used.
public struct SandboxError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: String, Sendable {
        /// The policy cannot be read, or gives away what no policy may.
        case profile
        /// The policy does not fit this machine; for example, its working tree is missing.
        case policy
        /// The kernel, or the container around this process, refuses what a sandbox needs.
        case refused
        /// The sandbox is there, but the command did not start in it.
        case notStarted = "not_started"
        /// The operating system refused.
        case system
    }

    /// What kind of failure it is.
    public let code: Code
    /// What was tried, on what, and why it failed; one line for a person.
    public let message: String
    /// What to do next.
    public let nextStep: String?
    /// What the launcher printed, unchanged; may be empty.
    public let details: String
    /// The error behind it; nil where there is none.
    public let underlying: (any Error)?

    /// Makes an error.
    public init(
        _ code: Code, _ message: String, nextStep: String? = nil, details: String = "",
        underlying: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.nextStep = nextStep
        self.details = details
        self.underlying = underlying
    }

    /// An error of a call of the system.
    public init(_ error: SystemError) { self.init(.system, error.description, underlying: error) }

    init(_ error: TOMLError) { self.init(.profile, error.description, underlying: error) }

    /// The message and the next step.
    public var description: String { message + (nextStep.map { "; \($0)" } ?? "") }
}
