/// How a model finds tools whose definitions it does not have.
public struct ToolSearchSettings: Sendable, Equatable {
    /// Who searches.
    public enum Mode: String, Sendable, CaseIterable {
        /// The server, which gets all definitions, and shows the model those that it has found.
        case server
        /// Graft, with the API's own calls: only what is found goes to the server.
        case client
        /// Graft, with two functions: for servers that know no search.
        case function
    }

    /// Who searches.
    public var mode: Mode
    /// How many tokens all definitions may take before some of them are found by a search only.
    public var budget: Int

    /// The usual budget.
    public static let usualBudget = 2000

    /// Names both.
    public init(mode: Mode, budget: Int = usualBudget) {
        self.mode = mode
        self.budget = budget
    }
}
