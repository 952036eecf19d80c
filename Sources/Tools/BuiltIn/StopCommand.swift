import Responses
import Workspace

/// Stops a started command.
struct StopCommand: Tool {
    let name = "stop_command"
    let effect = ToolEffect.runs

    let definition = ToolDefinition.function(
        "stop_command", "Stops a started command and all it has started.", CommandHandle.property, required: ["handle"])

    func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
        let handle = try ToolArguments(call).text("handle")
        await context.steps?.begin([])
        return .text(try await context.commands.stop(handle))
    }
}
