/// The types of items that tell what a tool of the server did (Responses API, "Hosted tool calls").
public enum HostedType: String, Sendable, CaseIterable {
    case webSearch = "web_search_call"
    case fileSearch = "file_search_call"
    case codeInterpreter = "code_interpreter_call"
    case imageGeneration = "image_generation_call"
    case mcpCall = "mcp_call"
    case mcpTools = "mcp_list_tools"
}
