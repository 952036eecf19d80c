public import Session

/// Why a tool did nothing, for the model.
public struct ToolRefusal: Error, Sendable, Equatable {
    /// What is wrong, and what to do instead.
    public let message: String
    /// The files of a refused patch.
    public let files: [FileSummary]

    /// Makes a refusal.
    public init(_ message: String, files: [FileSummary] = []) {
        self.message = message
        self.files = files
    }
}
