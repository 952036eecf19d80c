/// Whether a person is asked.
public enum ApprovalMode: String, Sendable, CaseIterable {
    /// Where there is a terminal.
    case ask
    /// Never; rules still count.
    case never
}
