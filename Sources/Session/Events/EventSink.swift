/// Takes note of what happens in a run.
public protocol EventSink: Sendable {
    /// Records an event; returns when it is in its place in the order.
    func record(_ event: RunEvent)

    /// Makes a name for the next item of the run.
    func nextItemID() -> String
}
