public import JSON

/// The definition of a tool in a request.
public indirect enum ToolDefinition: Sendable, Equatable {
    /// The built-in shell with commands that the client runs, and the skills that it can read.
    case localShell(skills: [LocalSkill] = [])
    /// The built-in structured patch.
    case applyPatch
    /// The built-in control of a screen, with batches of actions.
    case computer
    /// A function; `parameters` is a JSON schema. The model finds a deferred one by a search only.
    case function(name: String, description: String, parameters: String, isStrict: Bool, isDeferred: Bool = false)
    /// Functions that belong together, with a description that the model always sees.
    case namespace(name: String, description: String, tools: [ToolDefinition])
    /// The search for deferred tools.
    case toolSearch(ToolSearch)
    /// A tool that runs on the server: its definition as JSON.
    case hosted(String)

    /// Who searches for deferred tools.
    public enum ToolSearch: Sendable, Equatable {
        /// The server, which has the definitions.
        case server
        /// The client, which answers with definitions; `parameters` is the JSON schema of a search.
        case client(description: String, parameters: String)
    }

    /// Writes the definition; the bytes are the same every time, so that the prompt cache holds.
    public func write(into writer: inout JSONWriter) {
        if case .hosted(let json) = self { return writer.raw(json.utf8) }
        writer.object { writeMembers(into: &$0) }
    }

    private func writeMembers(into writer: inout JSONWriter) {
        switch self {
        case .localShell(let skills):
            writer.member("type", "shell")
            writer.member(
                "environment",
                object: {
                    $0.member("type", "local")
                    guard !skills.isEmpty else { return }
                    $0.member("skills", array: { for skill in skills { skill.write(into: &$0) } })
                })
        case .applyPatch: writer.member("type", "apply_patch")
        case .computer: writer.member("type", "computer")
        case .function(let name, let description, let parameters, let isStrict, let isDeferred):
            writer.member("type", "function")
            writer.member("name", name)
            writer.member("description", description)
            writer.member("strict", isStrict)
            if isDeferred { writer.member("defer_loading", true) }
            writer.key("parameters")
            writer.raw(parameters.utf8)
        case .namespace(let name, let description, let tools):
            writer.member("type", "namespace")
            writer.member("name", name)
            writer.member("description", description)
            writer.member("tools", array: { for tool in tools { tool.write(into: &$0) } })
        case .toolSearch(.server): writer.member("type", "tool_search")
        case .toolSearch(.client(let description, let parameters)):
            writer.member("type", "tool_search")
            writer.member("execution", "client")
            writer.member("description", description)
            writer.key("parameters")
            writer.raw(parameters.utf8)
        case .hosted: break
        }
    }

    /// The definition's JSON text.
    public var raw: [UInt8] {
        var writer = JSONWriter()
        write(into: &writer)
        return writer.bytes
    }

    /// The estimated number of tokens that the definition costs in a request, at four bytes a token.
    public var tokenEstimate: Int { raw.count / 4 + 1 }

    /// The same tools, found by a search only; those that are not functions stay as they are.
    public var deferred: ToolDefinition {
        switch self {
        case .function(let name, let description, let parameters, let isStrict, _):
            .function(
                name: name, description: description, parameters: parameters, isStrict: isStrict, isDeferred: true)
        case .namespace(let name, let description, let tools):
            .namespace(name: name, description: description, tools: tools.map(\.deferred))
        default: self
        }
    }
}

extension Item {
    /// The type of the item that adds tools to the history.
    public static let toolsType = "additional_tools"

    /// Adds tools to the history from its position on (Responses API, "additional_tools").
    public static func adding(_ tools: [ToolDefinition]) -> Item {
        Item(type: toolsType) {
            $0.member("role", "developer")
            $0.member("tools", array: { for tool in tools { tool.write(into: &$0) } })
        }
    }
}
