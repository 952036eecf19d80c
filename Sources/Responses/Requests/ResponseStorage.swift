/// What a server may keep of a conversation.
public enum ResponseStorage: Sendable, Equatable {
    /// Nothing, where a server has the choice: `store: false`.
    case unstored
    /// Nothing: every request says `store: false`, and none is sent without it (zero data retention).
    case never
    /// Each response, which then goes on without a connection: `background` and `store`.
    case background
}
