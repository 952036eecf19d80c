import Responses
package import Session
import Synchronization

/// A log that keeps the events, and tells of each in a line.
package final class RecordedEvents: EventSink {
    private struct State {
        var events: [RunEvent] = []
        var folded = SessionState()
        var itemCount = 0
        var failure: SessionError?
    }

    private let book = Mutex(State())
    private let tell: @Sendable (String) -> Void

    /// Starts empty.
    ///
    /// - Parameter tell: Gets a line for each event.
    package init(telling tell: @escaping @Sendable (String) -> Void = { _ in }) {
        self.tell = tell
    }

    /// All events in order.
    package var all: [RunEvent] { book.withLock { $0.events } }

    /// What the events add up to.
    package var state: SessionState { book.withLock { $0.folded } }

    /// The texts of the notices.
    package var notices: [String] { all.compactMap { if case .notice(let text) = $0 { text } else { nil } } }

    /// All events as lines.
    package var lines: [String] { all.map(Self.line) }

    /// Why the log cannot be written.
    package var failure: SessionError? { book.withLock { $0.failure } }

    /// Behaves from now on as if the disk were full.
    package func fail(_ failure: SessionError) { book.withLock { $0.failure = failure } }

    /// Tells that somebody wants the events on the disk.
    package func sync() { tell("sync") }

    /// Counts from `item_0`.
    package func nextItemID() -> String {
        book.withLock { state in
            defer { state.itemCount += 1 }
            return "item_\(state.itemCount)"
        }
    }

    /// Keeps an event.
    package func record(_ event: RunEvent) {
        book.withLock {
            $0.events.append(event)
            $0.folded.apply(event)
        }
        tell(Self.line(event))
    }

    private static func line(_ event: RunEvent) -> String {
        switch event {
        case .turnStarted(let turn): "turn \(turn) started"
        case .responseItem(let item, let turn): "turn \(turn): response \(item.type)"
        case .inputItem(let item, let turn): "turn \(turn): input \(item.type)\(item.callID.map { " \($0)" } ?? "")"
        case .callStarted(let start): "turn \(start.turn): call of \(start.name) \(start.callID)"
        case .turnFailed(let message): "turn failed: \(message)"
        case .commitCreated(let commit): "commit: \(commit.subject)"
        case .notice(let text): "notice: \(text)"
        default: event.kind?.rawValue ?? "streamed"
        }
    }
}
