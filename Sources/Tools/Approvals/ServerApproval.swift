public import Configuration
public import Responses
import Sandbox
public import Session
import Text

/// Answers the model's server when it asks whether it may call a tool of an MCP server.
///
/// It is no tool that the model could call: the server makes the request, and takes whatever is no clear yes for a no.
public struct ServerApproval: Tool {
    /// The name under which the dispatcher finds it.
    public let name = "mcp_approval"
    /// Never sent.
    public let definition = ToolDefinition.hosted("{}")
    /// In no request.
    public let placement = ToolPlacement.unlisted
    /// None here; what the call does, it does elsewhere.
    public let effect = ToolEffect.none
    private let servers: [String: RemoteServer]

    /// The most characters of arguments that a person is shown.
    private static let shownLength = 1500

    /// Decides by what the configuration says of servers, and else by asking.
    ///
    /// - Parameter servers: The servers by their labels.
    public init(_ servers: [String: RemoteServer]) { self.servers = servers }

    /// Decides, by the configuration or the gate of the session.
    public func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
        await answer(call, gate: context.approvals, events: context.events)
    }

    /// Decides; returns at once where nobody can be asked.
    public func answer(_ call: ToolCall, gate: ApprovalGate?, events: any EventSink) async -> ToolAnswer {
        guard case .approval(let wanted) = call.request else {
            return .approval(isApproved: false, reason: "the request cannot be read")
        }
        let tool = "\(wanted.server).\(wanted.name)"
        let request = ApprovalRequest(
            command: Self.shown(tool, wanted.arguments), reason: "the model's server asks before it calls it",
            rights: CommandRights(), tool: tool)
        let decision: ApprovalDecision
        if let known = verdict(on: wanted) {
            events.record(.approvalRequested(request.report))
            decision = known
            events.record(.approvalDecided(request.report, decision))
        } else if let gate {
            decision = await gate.decide(request)
        } else {
            decision = ApprovalDecision(.no, by: .headless)
        }
        if Task.isCancelled { return .approval(isApproved: false, reason: "interrupted before it was decided") }
        return .approval(
            isApproved: decision.answer != .no, reason: decision.answer == .no ? Self.reason(decision) : nil)
    }

    private func verdict(on call: HostedCall) -> ApprovalDecision? {
        guard let server = servers[call.server] else { return nil }
        if server.denied.contains(call.name) { return ApprovalDecision(.no, by: .rule) }
        return server.approved.contains(call.name) ? ApprovalDecision(.once, by: .rule) : nil
    }

    private static func shown(_ tool: String, _ arguments: String) -> String {
        let rest = arguments.count - shownLength
        return "\(tool.prefix(200)) \(arguments.prefix(shownLength))" + (rest > 0 ? " … \(rest) more characters" : "")
    }

    private static func reason(_ decision: ApprovalDecision) -> String {
        let who =
            switch decision.by {
            case .person: "The person at the terminal refused this call."
            case .rule: "The user's configuration refuses this call."
            case .headless: "Nobody is there who could allow this call."
            }
        return who + " Do not make it again; go on without it, and say at the end what it would have been needed for."
    }
}
