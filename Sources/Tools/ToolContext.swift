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
}
