/// What a person who watches is asked about servers; nil where nobody does.
public struct ServerQuestions: Sendable {
    /// Whether the servers of a file may be started; nil for no answer, which is not kept.
    public var trust: (@Sendable (ServerSource) async -> Bool?)?
    /// What a server wants to know.
    public var elicitation: ElicitationQuestion?

    /// Asks nothing.
    public init() {}
}
