public import Session
public import Workspace

/// What a tool works with.
public struct ToolContext: Sendable {
    /// The call's id (`call_id`).
    public let callID: String
    /// Runs shell lines in the session's sandbox.
    public let shell: ShellRunner
    /// The commands that go on beside others.
    public let commands: RunningCommands
    /// Decides about more rights; nil where nobody can give any.
    public let approvals: ApprovalGate?
    /// Writes commits.
    public let steps: StepWriter
    /// Takes note of what happens.
    public let events: any EventSink
}
