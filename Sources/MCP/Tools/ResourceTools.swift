import JSON
import Responses
import Session
import Tools

/// Lists the resources of a server.
struct ListResources: Tool {
    let name: String
    let namespace: ToolNamespace?
    let definition: ToolDefinition
    let placement = ToolPlacement.onDemand
    let effect = ToolEffect.none
    let reach: ToolReach
    private let caller: ServerCaller

    static let name = "list_resources"

    init(_ name: String, in namespace: ToolNamespace, of caller: ServerCaller) {
        self.name = name
        self.namespace = namespace
        self.caller = caller
        reach = caller.reach
        definition = .function(
            name: name, description: "Lists the resources of this server and their addresses.",
            parameters: #"{"type":"object","properties":{"cursor":{"type":"string"}}}"#, isStrict: false)
    }

    func title(of call: ToolCall) -> String? { caller.title(Self.name, call) }

    func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
        guard case .function(_, let arguments) = call.request else { throw ToolRefusal("\(name) takes an object") }
        try await caller.requireApproval(of: Self.name, arguments, in: context)
        let cursor = arguments["cursor"]?.string
        return try await caller.answer(in: context) { _ async throws(MCPError) in
            let resources = try await caller.running.resources("resources/list", cursor: cursor)
            var lines = (resources["resources"].map { Array($0.elements) } ?? []).map { Self.line($0, "uri") }
            if let next = resources["nextCursor"]?.string { lines.append("[more with cursor \(next.quotedLine)]") }
            // Servers without templates may not know the method.
            if cursor == nil,
                let templates = try? await caller.running.resources("resources/templates/list", cursor: nil)
            {
                lines += (templates["resourceTemplates"].map { Array($0.elements) } ?? [])
                    .map { Self.line($0, "uriTemplate") }
            }
            return ResultContent(text: lines.isEmpty ? "[there are none]" : lines.joined(separator: "\n"))
        }
    }

    private static func line(_ resource: JSON, _ key: String) -> String {
        let words = [resource["name"]?.string, resource["mimeType"]?.string, resource["description"]?.string]
        return ([resource[key]?.string ?? "without an address"] + words.compactMap { $0 }).map { $0.bounded(300) }
            .joined(separator: "  ")
    }
}

/// Reads a resource of a server.
struct ReadResource: Tool {
    let name: String
    let namespace: ToolNamespace?
    let definition: ToolDefinition
    let argumentSchema: JSON?
    let placement = ToolPlacement.onDemand
    let effect: ToolEffect
    let reach: ToolReach
    private let caller: ServerCaller

    static let name = "read_resource"
    private static let parameters = #"{"type":"object","properties":{"uri":{"type":"string"}},"required":["uri"]}"#

    init(_ name: String, in namespace: ToolNamespace, of caller: ServerCaller) {
        self.name = name
        self.namespace = namespace
        self.caller = caller
        (effect, reach) = (caller.effect, caller.reach)
        // The text above is JSON.
        argumentSchema = try? JSON(Self.parameters)
        definition = .function(
            name: name, description: "Reads a resource of this server by its address.", parameters: Self.parameters,
            isStrict: false)
    }

    func title(of call: ToolCall) -> String? { caller.title(Self.name, call) }

    func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
        guard case .function(_, let arguments) = call.request, let uri = arguments["uri"]?.string else {
            throw ToolRefusal("\(name) takes the address of a resource as \"uri\"")
        }
        try await caller.requireApproval(of: Self.name, arguments, in: context)
        await caller.begin(Self.name, in: context)
        return try await caller.answer(in: context) { _ async throws(MCPError) in
            try await caller.running.read(uri)
        }
    }
}
