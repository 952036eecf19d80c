import Responses
import Workspace

/// Writes to a started command.
struct WriteStdin: Tool {
    let name = "write_stdin"
    let effect = ToolEffect.runs

    let definition = ToolDefinition.function(
        "write_stdin",
        #"Writes to a started command (\u0003 is ctrl-C in a terminal), then polls; close ends its input."#,
        CommandHandle.property + #","text":{"type":"string"},"close":{"type":"boolean"},"# + CommandWait.properties,
        required: ["handle", "text"])

    func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
        let arguments = try ToolArguments(call)
        let (handle, text) = (try arguments.text("handle"), try arguments.text("text"))
        let (closes, wait) = (try arguments.flag("close"), try arguments.wait())
        await context.steps?.begin([])
        return .text(try await context.commands.write(text, closes: closes, to: handle, wait))
    }
}
