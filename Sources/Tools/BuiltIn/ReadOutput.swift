import Responses
import Session

/// Reads any part of the output of a command.
struct ReadOutput: Tool {
    let name = "read_output"
    let effect = ToolEffect.none

    private static let usualPage = 16 * 1024
    private static let longestPage = 64 * 1024

    let definition = ToolDefinition.function(
        "read_output", "Reads any bytes of the whole output of a command.",
        CommandHandle.property + #","offset":{"type":"integer"},"limit":{"type":"integer"}"#, required: ["handle"])

    func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
        let arguments = try ToolArguments(call)
        let limit = min(try arguments.count("limit") ?? Self.usualPage, Self.longestPage)
        let pages = OutputPages(folder: context.shell.folder.output)
        return .text(
            try pages.page(
                of: try arguments.text("handle"), from: try arguments.count("offset") ?? 0, limit: limit))
    }
}
