import JSON
import Responses
import Sandbox
import Session
import Workspace

/// Runs a command with further rights, in a sandbox of its own, if they are approved.
struct RunWithPermission: Tool {
    static let name = "run_with_permission"

    var name: String { Self.name }
    let effect = ToolEffect.runs

    let definition = ToolDefinition.function(
        Self.name,
        "Runs one shell line with rights the sandbox does not give, if a person or a rule allows it: network "
            + "(host names, or \"all\"), writing to existing paths outside the tree, or reading closed ones of the home "
            + "folder. Only when the task needs it; a refusal is final.",
        #""command":{"type":"string"},"reason":{"type":"string"},"#
            + #""network":{"anyOf":[{"type":"array","items":{"type":"string"}},{"type":"string","enum":["all"]}]},"#
            + #""write":{"type":"array","items":{"type":"string"}},"read":{"type":"array","items":{"type":"string"}},"#
            + #""timeout_ms":{"type":"integer"}"#,
        required: ["command", "reason"])

    func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
        guard case .function(_, let arguments) = call.request else {
            throw ToolRefusal("\(name) takes a JSON object of arguments")
        }
        return try await run(try PermissionCall(arguments), in: context)
    }

    func run(_ call: PermissionCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
        guard let approvals = context.approvals, let bounds = approvals.bounds else {
            throw ToolRefusal(ApprovalDecision(.no, by: .headless).refusal)
        }
        let shell = context.shell
        let request = try bounds.request(call)
        let shellCall = ShellCall(commands: [call.command], timeout: call.timeout)
        guard Rung.ladder.contains(shell.sandbox.rung), !shell.sandbox.policy.rights.covers(request.rights) else {
            await context.steps?.begin([call.command])
            let outcome = await shell.run(call.command, request: shellCall, callID: context.callID)
            return .shell([outcome], outputLimit: nil)
        }
        let decision = await approvals.decide(request)
        try Self.checkCancellation()
        guard decision.answer != .no else { throw ToolRefusal(decision.refusal) }
        guard bounds.stillHolds(request) else {
            throw ToolRefusal("a path has become another one while the question was open; the command was not run")
        }
        let sandbox = try await Self.sandbox(with: request.rights, beside: shell)
        try Self.checkCancellation()
        await context.steps?.begin([call.command])
        let outcome = await shell.with(sandbox).run(call.command, request: shellCall, callID: context.callID)
        return .shell([outcome], outputLimit: nil)
    }

    private static func sandbox(
        with rights: CommandRights, beside shell: ShellRunner
    ) async throws(ToolRefusal) -> Sandbox {
        var policy = shell.sandbox.policy
        policy.add(rights)
        do throws(SandboxError) {
            return try await Sandbox.probe(
                policy: policy, searchPath: shell.environment["PATH"] ?? "", rungs: [shell.sandbox.rung],
                host: shell.sandbox, isForOneCommand: true)
        } catch {
            throw ToolRefusal("allowed, but no sandbox with these rights can be made: \(error.description)")
        }
    }

    private static func checkCancellation() throws(ToolRefusal) {
        if Task.isCancelled { throw ToolRefusal("interrupted before it ran") }
    }
}
