public import Session

/// Why a tool did nothing, for the model.
public struct ToolRefusal: Error, Sendable, Equatable {
    /// What is wrong, and what to do instead.
    public let message: String
    /// The files of a refused patch.
    public let files: [FileSummary]

    /// Whether the run cannot go on, because the server would not take the answer.
    public let endsRun: Bool

    /// Makes a refusal.
    public init(_ message: String, files: [FileSummary] = [], endsRun: Bool = false) {
        self.message = message
        self.files = files
        self.endsRun = endsRun
    }
}
