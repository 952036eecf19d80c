/// Takes note of what happens in a run.
public protocol EventSink: Sendable {
    /// Records an event; returns when it is in its place in the order.
    func record(_ event: RunEvent)
}
