import JSON
import Responses

/// The tools that the model is offered.
enum Toolset {
    /// The definitions, always the same bytes for the same kind of server: those that go with every request, and those
    /// that a server keeps with the history.
    ///
    /// - Parameter ordersSteps: Whether the model will be asked to order its steps; the tool for it is there from the
    ///   first request on, so that the start of all requests stays the same.
    static func definitions(
        for profile: ProviderProfile, ordersSteps: Bool
    ) -> (always: [ToolDefinition], history: [ToolDefinition]) {
        let own = commands + [ApprovalCall.definition] + (ordersSteps ? [orderCommits] : [])
        return profile == .openai ? ([.localShell, .applyPatch], own) : (functions + own, [])
    }

    /// Not strict: a server compiles a strict schema at the first request, and the arguments are checked anyway.
    private static let orderCommits = ToolDefinition.function(
        name: "order_commits",
        description: "Only when asked: orders the finished change into commits. hunks holds ids such as h3 or h5-h9.",
        parameters: #"{"type":"object","properties":{"commits":{"type":"array","items":{"type":"object","#
            + #""properties":{"subject":{"type":"string"},"why":{"type":"string"},"#
            + #""hunks":{"type":"array","items":{"type":"string"}}},"required":["subject","why","hunks"]}}},"#
            + #""required":["commits"]}"#,
        isStrict: false)

    /// What stands for the built-in tools where there are none.
    private static var functions: [ToolDefinition] {
        [
            .function(
                name: "shell",
                description: "Runs shell lines one after the other in the root of the working tree, each in a shell of "
                    + "its own, and returns exit status and output of each.",
                parameters: #"{"type":"object","properties":{"commands":{"type":"array","items":{"type":"string"}},"#
                    + #""timeout_ms":{"type":"integer"}},"required":["commands"]}"#,
                isStrict: false),
            .function(
                name: "apply_patch",
                description: "Changes files. The patch starts with '*** Begin Patch' and ends with '*** End Patch'; "
                    + "between them are sections '*** Update File: PATH' with hunks of ' ', '-' and '+' lines below "
                    + "'@@' lines, '*** Add File: PATH' with '+' lines, and '*** Delete File: PATH'.",
                parameters: #"{"type":"object","properties":{"patch":{"type":"string"}},"required":["patch"]}"#,
                isStrict: false),
        ]
    }

    /// What a call asks for, with the functions and free-form tools that stand for built-in ones understood.
    static func work(of call: ToolCall) -> Work {
        switch call.request {
        case .shell(let shell): return .shell(shell)
        case .patch(let patch): return .patch(patch)
        case .malformed(let reason): return .refuse(reason)
        case .custom("apply_patch", let input): return .envelope(input)
        case .custom(let name, _): return .refuse(unknown(name))
        case .function("apply_patch", let arguments):
            guard let patch = (arguments["patch"] ?? arguments["input"])?.string else {
                return .refuse("apply_patch needs a string \"patch\"")
            }
            return .envelope(patch)
        case .function("shell", let arguments):
            var commands = arguments["commands"]?.elements.compactMap(\.string) ?? []
            if let command = arguments["command"]?.string ?? arguments["commands"]?.string { commands = [command] }
            guard !commands.isEmpty else { return .refuse("shell needs an array \"commands\" of at least one line") }
            return .shell(
                ShellCall(commands: commands, timeout: arguments["timeout_ms"]?.int.map { .milliseconds($0) }))
        case .function(ApprovalCall.name, let arguments): return ApprovalCall.work(of: arguments)
        case .function("order_commits", _):
            return .refuse("order_commits is for when you are asked to order the finished change; go on with the task")
        case .function(let name, let arguments):
            do throws(CommandCall.Flaw) {
                guard let call = try CommandCall(name: name, arguments: arguments) else {
                    return .refuse(unknown(name))
                }
                return .command(call)
            } catch {
                return .refuse(error.message)
            }
        }
    }

    /// What there is to do for one call.
    enum Work {
        case shell(ShellCall)
        case patch(PatchCall)
        /// A patch of several files as one text.
        case envelope(String)
        /// Something with a command that goes on, or with the output of any.
        case command(CommandCall)
        /// A command with more rights, if somebody allows it.
        case approval(ApprovalCall)
        /// Nothing can be done; the model is told why.
        case refuse(String)
    }

    private static func unknown(_ name: String) -> String {
        "there is no tool named \"\(name)\"; there are shell, apply_patch, \(CommandCall.names.joined(separator: ", "))"
    }
}
