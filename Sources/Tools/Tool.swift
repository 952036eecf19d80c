public import JSON
public import Responses
public import Session

/// A tool that the model can call.
///
/// A new tool is one file with such a type, and one line in `ToolCatalog.standard`;
/// those that are made elsewhere come from a `ToolSource`.
public protocol Tool: Sendable {
    /// The name in calls.
    var name: String { get }
    /// The namespace in which the model knows the name; nil for the top level.
    var namespace: ToolNamespace? { get }
    /// The definition as a function; always the same bytes, for the prompt cache.
    var definition: ToolDefinition { get }
    /// The server's built-in tool that replaces the function, if the server has one.
    var serverDefinition: ToolDefinition? { get }
    /// Where the definition is placed.
    var placement: ToolPlacement { get }
    /// What a call does to the working tree.
    var effect: ToolEffect { get }
    /// What a call may touch.
    var reach: ToolReach { get }
    /// How long a call may take; nil where the tool ends by itself. The call is cancelled then.
    var timeLimit: Duration? { get }
    /// The JSON schema that arguments are held against before a call; nil for a tool that reads them itself.
    var argumentSchema: JSON? { get }
    /// Whether a call may be free text instead of a JSON object.
    var takesText: Bool { get }

    /// The title of a call in views; nil for a tool that records its own items, or none.
    func title(of call: ToolCall) -> String?

    /// Runs a call.
    ///
    /// - Throws: `ToolRefusal` if nothing was done; the model reads its message.
    func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer

    /// Ends what the tool keeps beyond a call; the run is over.
    func close() async
}

extension Tool {
    /// The top level.
    public var namespace: ToolNamespace? { nil }
    /// The tree for what edits or runs, nothing for the others.
    public var reach: ToolReach { effect == .none ? .nothing : .tree }
    /// None.
    public var timeLimit: Duration? { nil }
    /// None.
    public var argumentSchema: JSON? { nil }
    /// None.
    public var serverDefinition: ToolDefinition? { nil }
    /// In the history.
    public var placement: ToolPlacement { .history }
    /// False.
    public var takesText: Bool { false }

    /// None.
    public func title(of call: ToolCall) -> String? { nil }

    /// Does nothing.
    public func close() async {}
}

/// Tools that belong together, such as those of one server.
public struct ToolNamespace: Sendable, Hashable {
    /// The name in calls: letters, digits, `_` and `-`.
    public var name: String
    /// What the tools are for, in a sentence; the model always sees it.
    public var description: String

    /// Names a namespace.
    public init(name: String, description: String) {
        self.name = name
        self.description = description
    }
}

/// Where a tool's definition is placed.
public enum ToolPlacement: Sendable, Equatable {
    /// In every request.
    case always
    /// At the start of the history; in every request if the server keeps no history.
    case history
    /// Where the budget for definitions has room for it; else the model finds it by a search.
    case onDemand
    /// Nowhere: the model cannot call it, and what calls it does so by itself.
    case unlisted
}

/// What a tool does to the working tree.
public enum ToolEffect: Sendable, Equatable {
    /// Nothing.
    case none
    /// It patches files; the patches of one response become one commit.
    case edits
    /// It runs commands, which may change files; patches before it are committed first.
    case runs
}
