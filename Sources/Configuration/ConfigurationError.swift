/// Why a setting cannot be used.
public struct ConfigurationError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: String, Sendable {
        /// The file is not TOML, or a key is unknown or has an invalid value.
        case file
        /// A value is one that no request can be made with.
        case value
    }

    /// What kind of failure it is.
    public let code: Code
    /// The file, the key, what is wrong with it, and what is expected; one line for a person.
    public let message: String
    /// What to do next.
    public let nextStep: String?
    /// The error behind it; nil where there is none.
    public let underlying: (any Error)?

    /// Makes an error.
    public init(_ code: Code, _ message: String, nextStep: String? = nil, underlying: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.nextStep = nextStep
        self.underlying = underlying
    }

    /// The message and the next step.
    public var description: String { message + (nextStep.map { "; \($0)" } ?? "") }
}
