/// When a long conversation is made shorter.
public enum CompactionMode: String, Sendable, CaseIterable {
    /// At a milestone where it pays, and when the model's window is nearly full.
    case milestones
    /// When the model's window is nearly full.
    case threshold
    /// By the server, when the model's window is nearly full.
    case server
    /// When the server refuses it as too long, and not before.
    case off
}
