/// A line of a repository's files that tests or checks and is not proposed.
public struct SkippedCommand: Sendable, Hashable {
    /// The line, as it is in the file.
    public let line: String
    /// Where it stands.
    public let place: String
    /// Why it cannot be used, as a clause.
    public let reason: String
}
