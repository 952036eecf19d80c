import Text

/// How long a call waits for output.
struct CommandWait: Sendable {
    /// The usual time where the model names none, and the most it gets, in milliseconds.
    static let usual = 1000, longest = 60_000

    let limit: Duration
    /// The text that ends the wait.
    let text: String?

    /// The members of a schema that ask for it.
    static let properties = #""wait_ms":{"type":"integer"},"until":{"type":"string"}"#
}

/// How a call names a command.
enum CommandHandle {
    /// The member of a schema that asks for it.
    static let property = #""handle":{"type":"string"}"#

    /// A handle as a message shows it: in one line, and not all of it if it is long.
    static func shown(_ handle: String) -> String { handle.prefix(60).named }
}
