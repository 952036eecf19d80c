public import Responses

/// A tool that the model can call.
///
/// A new tool is one file with such a type, and one line in `ToolCatalog.standard`.
public protocol Tool: Sendable {
    /// The name in calls.
    var name: String { get }
    /// The definition as a function; always the same bytes, for the prompt cache.
    var definition: ToolDefinition { get }
    /// The server's built-in tool that replaces the function, if the server has one.
    var serverDefinition: ToolDefinition? { get }
    /// Where the definition is placed.
    var placement: ToolPlacement { get }
    /// What a call does to the working tree.
    var effect: ToolEffect { get }
    /// Whether a call may be free text instead of a JSON object.
    var takesText: Bool { get }

    /// The title of a call in views; nil for a tool that records its own items, or none.
    func title(of call: ToolCall) -> String?

    /// Runs a call.
    ///
    /// - Throws: `ToolRefusal` if nothing was done; the model reads its message.
    func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer
}

extension Tool {
    /// None.
    public var serverDefinition: ToolDefinition? { nil }
    /// In the history.
    public var placement: ToolPlacement { .history }
    /// False.
    public var takesText: Bool { false }

    /// None.
    public func title(of call: ToolCall) -> String? { nil }
}

/// Where a tool's definition is placed.
public enum ToolPlacement: Sendable, Equatable {
    /// In every request.
    case always
    /// At the start of the history; in every request if the server keeps no history.
    case history
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
