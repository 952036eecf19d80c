/// What a session's journal says at its beginning and its end.
public struct SessionSummary: Sendable {
    /// The session's name.
    public let id: SessionID
    /// Where its files are.
    public let folder: SessionFolder
    /// What it began with; nil if it never came so far.
    public let start: RunStart?
    /// What it came to; nil if it is still running or was killed.
    public let result: RunResult?
    /// Whether a process is at work on it now.
    public let isRunning: Bool
}
