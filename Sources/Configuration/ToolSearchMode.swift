/// Who searches for tools whose definitions the model does not have.
public enum ToolSearchMode: String, Sendable, CaseIterable {
    /// The server, which gets all definitions, and shows the model those that it has found.
    case server
    /// Graft, with the API's own calls: only what is found goes to the server.
    case client
    /// Graft, with two functions: for servers that know no search.
    case function
}
