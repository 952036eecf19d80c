import JSON
import Responses
import Workspace

/// Runs shell lines in order, each in a new shell.
struct Shell: Tool {
    /// The skills that the server's shell is told of.
    var skills = OfferedSkills.none

    let name = "shell"
    var serverDefinition: ToolDefinition? { .localShell(skills: skills.list) }
    let placement = ToolPlacement.always
    let effect = ToolEffect.runs

    let definition = ToolDefinition.function(
        "shell",
        "Runs shell lines one after the other in the root of the working tree, each in a shell of its own, and returns "
            + "exit status and output of each.",
        #""commands":{"type":"array","items":{"type":"string"}},"timeout_ms":{"type":"integer"}"#,
        required: ["commands"])

    func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
        let request = try Self.request(of: call)
        await context.steps?.begin(request.commands)
        var outcomes: [ShellOutcome] = []
        for command in request.commands where !Task.isCancelled {
            outcomes.append(await context.shell.run(command, request: request, callID: context.callID))
        }
        let missing = request.commands.count - outcomes.count
        outcomes += Array(repeating: .notRun, count: missing)
        return .shell(outcomes, outputLimit: request.outputLimit)
    }

    static func request(of call: ToolCall) throws(ToolRefusal) -> ShellCall {
        if case .shell(let request) = call.request { return request }
        let arguments = try ToolArguments(call)
        var commands = arguments["commands"]?.elements.compactMap(\.string) ?? []
        // Some models send one line as a string.
        if let command = arguments["command"]?.string ?? arguments["commands"]?.string { commands = [command] }
        guard !commands.isEmpty else { throw ToolRefusal("shell needs an array \"commands\" of at least one line") }
        return ShellCall(commands: commands, timeout: arguments["timeout_ms"]?.int.map { .milliseconds($0) })
    }
}
