public import JSON

/// The error of an answer (JSON-RPC 2.0, section 5.1).
public struct RPCError: Error, Sendable {
    /// The code; those from -32768 to -32000 have a meaning for all protocols.
    public let code: Int
    /// What is wrong: untrusted text of the other side.
    public let message: String
    /// Further details.
    public let data: JSON?

    /// Makes an error.
    public init(_ code: Int, _ message: String, data: JSON? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    /// Not JSON.
    public static let parseError = -32700
    /// JSON, and no message.
    public static let invalidRequest = -32600
    /// A method that is not known.
    public static let methodNotFound = -32601
    /// Something broke while answering.
    public static let internalError = -32603
}
