public import Session

/// Why a tool did nothing: a message that the model reads.
public struct ToolRefusal: Error, Sendable, Equatable {
    /// What is wrong, and what to do instead.
    public let message: String
    /// The files of the patch that was refused.
    public let files: [FileSummary]

    /// Refuses a call.
    public init(_ message: String, files: [FileSummary] = []) {
        self.message = message
        self.files = files
    }
}
