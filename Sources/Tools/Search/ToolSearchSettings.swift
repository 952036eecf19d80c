public import Configuration
public import Responses

/// How a model finds tools whose definitions it does not have.
public struct ToolSearchSettings: Sendable, Equatable {
    /// Who searches.
    public var mode: ToolSearchMode
    /// How many tokens all definitions may take before some of them are found by a search only.
    public var budget: Int

    /// The usual budget.
    public static let usualBudget = 2000

    /// Names both.
    public init(mode: ToolSearchMode, budget: Int = usualBudget) {
        self.mode = mode
        self.budget = budget
    }

    /// What the settings say, and where they say nothing what the kind of server has.
    ///
    /// A server that knows function tools only cannot search, whatever is asked for.
    public init(_ settings: Settings, for profile: ProviderProfile) {
        let usual: ToolSearchMode = profile == .openai ? .server : .function
        self.init(
            mode: profile == .openai ? settings.toolSearch ?? usual : usual,
            budget: settings.toolBudget ?? Self.usualBudget)
    }
}
