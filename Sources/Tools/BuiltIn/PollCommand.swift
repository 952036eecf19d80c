import Responses
import Workspace

/// Waits for new output of a started command.
struct PollCommand: Tool {
    let name = "poll_command"
    let effect = ToolEffect.runs

    let definition = ToolDefinition.function(
        "poll_command",
        "Waits for a started command in the same way; answers with what it printed since the last look.",
        CommandHandle.property + "," + CommandWait.properties, required: ["handle"])

    func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
        let arguments = try ToolArguments(call)
        let (handle, wait) = (try arguments.text("handle"), try arguments.wait())
        await context.steps?.begin([])
        return .text(try await context.commands.poll(handle, wait))
    }
}
