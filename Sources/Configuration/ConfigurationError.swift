/// Why a setting cannot be used.
public struct ConfigurationError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: String, Sendable {
        /// The file is no TOML, or a key is unknown or has a value of another kind.
        case file
        /// A value is known to be of no use before a request is made with it.
        case value
    }

    /// What kind of failure it is.
    public let code: Code
    /// The file, the key, what is wrong with it, and what is expected; one line for a person.
    public let message: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message, which says what is expected instead.
    public var description: String { message }
}
