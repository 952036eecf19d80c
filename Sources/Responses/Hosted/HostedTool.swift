import JSON

/// A tool that runs on the server, with its parameters (Responses API, "Tool definitions").
public enum HostedTool: Sendable, Equatable {
    /// Searches the web, and reads pages.
    case webSearch(WebSearch)
    /// Searches files that were uploaded before.
    case fileSearch(FileSearch)
    /// Runs Python in a container of the server's.
    case codeInterpreter(CodeInterpreter)
    /// Makes pictures.
    case imageGeneration(ImageGeneration)
    /// The tools of an MCP server that the server calls.
    case mcp(HostedServer)

    /// The definition in requests; the same bytes every time, so that the prompt cache holds.
    public var definition: ToolDefinition {
        var writer = JSONWriter()
        writer.object {
            $0.member("type", type)
            switch self {
            case .webSearch(let tool): tool.write(into: &$0)
            case .fileSearch(let tool): tool.write(into: &$0)
            case .codeInterpreter(let tool): tool.write(into: &$0)
            case .imageGeneration(let tool): tool.write(into: &$0)
            case .mcp(let server): server.write(into: &$0)
            }
        }
        return .hosted(String(decoding: writer.bytes, as: UTF8.self))
    }

    /// What a request has to name in `include` for the tool's items to be whole; nil where they are anyway.
    public var inclusion: String? {
        switch self {
        case .webSearch: Self.inclusions[0]
        case .fileSearch: Self.inclusions[1]
        case .codeInterpreter: Self.inclusions[2]
        case .imageGeneration, .mcp: nil
        }
    }

    /// All values that `inclusion` may have.
    static let inclusions = [
        "web_search_call.action.sources", "file_search_call.results", "code_interpreter_call.outputs",
    ]

    private var type: String {
        switch self {
        case .webSearch: "web_search"
        case .fileSearch: "file_search"
        case .codeInterpreter: "code_interpreter"
        case .imageGeneration: "image_generation"
        case .mcp: "mcp"
        }
    }
}

extension JSONWriter {
    mutating func member(_ key: String, strings: [String]) {
        member(key, array: { for string in strings { $0.string(string) } })
    }
}
