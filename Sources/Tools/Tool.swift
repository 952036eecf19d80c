public import Responses

/// Something that the model can ask for.
///
/// A new tool is one file with a type like this, and one line in `ToolCatalog.standard`.
public protocol Tool: Sendable {
    /// The name by which the model calls it.
    var name: String { get }
    /// How a function of that name is offered; the same bytes every time, so that the prompt cache holds.
    var definition: ToolDefinition { get }
    /// The server's own tool that takes the function's place, on servers that have one.
    var builtIn: ToolDefinition? { get }
    /// Where the definition goes.
    var placement: ToolPlacement { get }
    /// What a call does to the working tree.
    var effect: ToolEffect { get }
    /// Whether a call may come as free text instead of a JSON object.
    var takesText: Bool { get }

    /// The line that stands for a call in views; nil for a tool that records items of its own, or none.
    func title(of call: ToolCall) -> String?

    /// Does what a call asks for.
    ///
    /// - Throws: `ToolRefusal` where nothing was done; the model reads its message.
    func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer
}

extension Tool {
    /// No server has one of its own.
    public var builtIn: ToolDefinition? { nil }
    /// With the history, where the server keeps it.
    public var placement: ToolPlacement { .history }
    /// A JSON object.
    public var takesText: Bool { false }

    /// No line.
    public func title(of call: ToolCall) -> String? { nil }
}

/// Where a tool's definition stands.
public enum ToolPlacement: Sendable, Equatable {
    /// In every request.
    case always
    /// In front of the history, which a server keeps; in every request where it keeps none.
    case history
}

/// What a tool does to the working tree.
public enum ToolEffect: Sendable, Equatable {
    /// Nothing.
    case none
    /// It changes files through patches; the patches of one response become one commit.
    case edits
    /// It runs commands, which may change files; patches before it are committed first.
    case runs
}
