/// Whether a person is asked for approval.
public enum ApprovalMode: String, Sendable, CaseIterable {
    /// If there is a terminal.
    case ask
    /// Never; rules still apply.
    case never
}
