import Configuration
import JSON
import Responses
import Session
import Text

/// The search of tools in the API's own form, where Graft does it.
struct SearchTools: Tool {
    let name = "tool_search"
    let effect = ToolEffect.none
    let placement = ToolPlacement.always
    let definition: ToolDefinition

    /// - Parameter sources: Where tools come from, for the model to know what there is to look for.
    init(sources: [String]) {
        definition = .toolSearch(
            .client(
                description: "Finds tools by words, among those of: \(sources.joined(separator: ", ")).",
                parameters: #"{"type":"object","properties":{\#(ToolQuery.properties)},"required":["query"]}"#))
    }

    func title(of call: ToolCall) -> String? { ToolQuery.title(of: call) }

    func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
        guard case .search(let arguments) = call.request else { throw ToolRefusal("\(name) takes a search") }
        let found = try await ToolQuery(ToolArguments(arguments, tool: name)).answer(in: context)
        let placing = ToolPlacing(.init(mode: .client), hasNamespaces: true, spent: 0)
        return .tools(placing.definitions(of: found).map(\.deferred))
    }
}

/// The search of tools as a function, for servers that know no other.
struct FindTools: Tool {
    static let name = "find_tools"

    var name: String { Self.name }
    let effect = ToolEffect.none
    let definition: ToolDefinition

    /// - Parameter sources: Where tools come from, for the model to know what there is to look for.
    init(sources: [String]) {
        definition = .function(
            Self.name,
            "Finds further tools by words, among those of: \(sources.joined(separator: ", ")). Call what is found with "
                + "\(UseTool.name).",
            ToolQuery.properties, required: ["query"])
    }

    func title(of call: ToolCall) -> String? { ToolQuery.title(of: call) }

    func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
        let found = try await ToolQuery(try ToolArguments(call)).answer(in: context)
        guard !found.isEmpty else { return .text("No tool fits. Try other words, or go on without.") }
        return .text(found.map(Self.words).joined(separator: "\n\n"))
    }

    private static func words(of tool: any Tool) -> String {
        guard case .function(let name, let description, let parameters, _, _) = ToolPlacing.joined(tool) else {
            return tool.name
        }
        return "\(name): \(description)\narguments: \(parameters)"
    }
}

/// Calls a tool that a search has found, for servers to which no further functions can be told.
struct UseTool: Tool {
    static let name = "use_tool"

    var name: String { Self.name }
    /// What the called tool does is not known before it is.
    let effect = ToolEffect.runs
    let definition = ToolDefinition.function(
        Self.name, "Calls a tool that \(FindTools.name) has found.",
        #""tool":{"type":"string"},"arguments":{"type":"object"}"#, required: ["tool", "arguments"])

    func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
        let arguments = try ToolArguments(call)
        let name = try arguments.text("tool")
        guard let tool = await context.shelf?.tool(name, in: nil) else {
            throw ToolRefusal("there is no tool \(name.prefix(80).quoted); look for it with \(FindTools.name)")
        }
        guard let inner = arguments["arguments"], inner.kind == .object else {
            throw ToolRefusal("\(Self.name): \"arguments\" must be an object")
        }
        let own = ToolCall(
            callID: call.callID, name: tool.name, namespace: tool.namespace?.name, arguments: inner)
        return try await context.run(tool, own)
    }
}

/// What is looked for among tools.
struct ToolQuery {
    static let properties = #""query":{"type":"string"},"limit":{"type":"integer"}"#
    private static let usualLimit = 8
    private static let largestLimit = 20

    let words: String
    let limit: Int

    init(_ arguments: ToolArguments) throws(ToolRefusal) {
        words = try arguments.text("query")
        limit = min(max(try arguments.count("limit") ?? Self.usualLimit, 1), Self.largestLimit)
    }

    func answer(in context: ToolContext) async throws(ToolRefusal) -> [any Tool] {
        guard let shelf = context.shelf else { throw ToolRefusal("there are no further tools") }
        return await shelf.search(words, limit: limit)
    }

    /// What a search is for, in a line.
    static func title(of call: ToolCall) -> String? {
        let query: String? =
            switch call.request {
            case .search(let arguments), .function(_, let arguments): arguments["query"]?.string
            default: nil
            }
        return "look for tools: \(query.map { $0.prefix(80).quoted } ?? "")"
    }
}
