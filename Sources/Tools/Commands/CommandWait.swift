import Text

/// How a call waits for output.
struct CommandWait: Sendable {
    /// The default and the longest time, in milliseconds.
    static let usual = 1000, longest = 60_000

    let limit: Duration
    /// The text that ends the wait.
    let text: String?

    /// The members of the JSON schema.
    static let properties = #""wait_ms":{"type":"integer"},"until":{"type":"string"}"#
}

/// The handle of a command in a call.
enum CommandHandle {
    /// The member of the JSON schema.
    static let property = #""handle":{"type":"string"}"#

    /// A handle for a message: on one line and truncated.
    static func shown(_ handle: String) -> String { handle.prefix(60).named }
}
