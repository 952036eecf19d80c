public import Session
import Synchronization

/// A journal without a file whose events a test looks at.
public final class EventLog: Sendable {
    private final class Kept: Sendable {
        let events = Mutex<[RunEvent]>([])
    }

    private let kept = Kept()
    /// The journal.
    public let journal: Journal

    /// Starts with an empty log.
    public init() {
        let kept = kept
        journal = Journal(listeners: [EventListener { event, _ in kept.events.withLock { $0.append(event) } }])
    }

    /// The events recorded so far, those that only stream included.
    public var events: [RunEvent] {
        journal.waitForListeners()
        return kept.events.withLock { $0 }
    }

    /// The names of those that are kept.
    public var names: [String] { events.compactMap(\.kind?.rawValue) }
}
