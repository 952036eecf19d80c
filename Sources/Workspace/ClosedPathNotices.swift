public import Sandbox
public import Session
import Synchronization

/// Tells the person which closed paths commands have looked for in vain, each once.
public final class ClosedPathNotices: Sendable {
    private let told = Mutex<Set<String>>([])

    /// Starts with none told.
    public init() {}

    /// Records a notice for each path that is new.
    public func record(_ result: CommandResult, in events: any EventSink) {
        for closed in result.closedPaths where told.withLock({ $0.insert(closed.path).inserted }) {
            events.record(.notice(closed.notice))
        }
    }
}
