/// How a model is to think and to speak from one request on.
public struct ResponseStyle: Sendable, Equatable {
    /// `reasoning.effort`, or nil to leave it to the server.
    public var effort: String?
    /// `text.verbosity`, or nil to leave it to the server.
    public var verbosity: String?

    /// Names both.
    public init(effort: String?, verbosity: String?) {
        self.effort = effort
        self.verbosity = verbosity
    }
}
