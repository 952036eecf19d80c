public import Sandbox
import Session

extension ToolContext {
    /// Has a call of somebody else's tool allowed: by a rule, by an earlier answer about the tool, or by a person.
    ///
    /// - Parameters:
    ///   - tool: The tool and its server, as a person knows them.
    ///   - arguments: What is sent to it.
    ///   - reason: Why this is asked.
    ///   - host: The host that gets the arguments; nil for a program in the sandbox.
    /// - Throws: If it is not allowed; nothing was sent.
    public func requireApproval(
        of tool: String, _ arguments: String, reason: String, host: HostPattern?
    ) async throws(ToolRefusal) {
        guard let approvals else { throw ToolRefusal(ApprovalDecision(.no, by: .headless).refusal) }
        let rights = CommandRights(network: host.map { .hosts([$0]) })
        let request = ApprovalRequest(command: "\(tool) \(arguments)", reason: reason, rights: rights, tool: tool)
        let decision = await approvals.decide(request)
        if Task.isCancelled { throw ToolRefusal("interrupted before it ran") }
        guard decision.answer != .no else { throw ToolRefusal(decision.refusal) }
    }
}
