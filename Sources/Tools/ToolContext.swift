import Responses
public import Session
public import Workspace

/// The context in which a tool runs.
public struct ToolContext: Sendable {
    /// The call's id (`call_id`).
    public let callID: String
    /// The number of the response that the call is part of.
    public let turn: Int
    /// Runs shell lines in the session's sandbox.
    public let shell: ShellRunner
    /// The background commands.
    public let commands: RunningCommands
    /// Decides about further rights; nil if no rights can be given.
    public let approvals: ApprovalGate?
    /// Writes commits; nil where nothing can be changed.
    public let steps: StepWriter?
    /// Receives events.
    public let events: any EventSink
    /// The tools that came after the start; nil where none can.
    let shelf: (any ToolFinder)?
    /// The item under which views show the call.
    public let itemID: String?

    /// Runs another tool for the same call, within its limits.
    func run(_ tool: any Tool, _ call: ToolCall) async throws(ToolRefusal) -> ToolAnswer {
        try await LimitedCall(tool, call).run(in: self)
    }
}

/// Finds tools that came after the start.
protocol ToolFinder: Sendable {
    /// The tool that a call names, after a wait for what may still bring it; nil if there is none.
    func tool(_ name: String, in space: String?) async -> (any Tool)?

    /// The tools that fit a search, best first, after a wait for all of them.
    func search(_ query: String, limit: Int) async -> [any Tool]
}
