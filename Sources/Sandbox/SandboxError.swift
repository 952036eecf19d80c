/// Tells why no sandbox could be set up, and how to mend it.
public struct SandboxError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of failure, for a machine.
    public enum Code: String, Sendable {
        /// The program that makes the sandbox is not installed.
        case launcherMissing = "launcher_missing"
        /// The kernel, or the container around us, refuses what a sandbox needs.
        case refused
        /// The policy does not fit this machine; for example its working tree is missing.
        case policy
        /// The sandbox started but its first command went wrong.
        case probeFailed = "probe_failed"
    }

    /// The kind of failure.
    public let code: Code
    /// One line for a person: what failed and what to do about it.
    public let message: String
    /// What the system said, word for word; may be empty.
    public let details: String

    /// Makes an error.
    public init(_ code: Code, _ message: String, details: String = "") {
        self.code = code
        self.message = message
        self.details = details
    }

    /// The message.
    public var description: String { message }
}
