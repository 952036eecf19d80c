import JSON
import Responses
import Workspace

/// Starts a command in the background.
struct StartCommand: Tool {
    let name = "start_command"
    let effect = ToolEffect.runs

    let definition = ToolDefinition.function(
        "start_command",
        "Starts a shell line that goes on beside other commands, such as a server or a REPL; answers with its handle and "
            + "what it prints within wait_ms (1000) or until it prints the text `until`.",
        #""command":{"type":"string"},"terminal":{"type":"boolean"},"timeout_ms":{"type":"integer"},"#
            + CommandWait.properties,
        required: ["command"])

    func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
        let arguments = try ToolArguments(call)
        let command = try arguments.text("command")
        guard !command.isEmpty, !command.utf8.contains(0) else {
            throw ToolRefusal("start_command needs a \"command\" that is not empty and holds no NUL")
        }
        let (hasTerminal, wait) = (try arguments.flag("terminal"), try arguments.wait())
        let timeout: Duration? = try arguments.count("timeout_ms").map { .milliseconds(max(1, $0)) }
        await context.steps?.begin([])
        return .text(
            try await context.commands.start(
                command, hasTerminal: hasTerminal, timeout: timeout, wait, callID: context.callID))
    }
}
