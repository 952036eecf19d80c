import Dispatch
import Synchronization

/// What waits for one listener, and the thread that brings it there.
final class ListenerQueue: Sendable {
    private struct Entry {
        let event: RunEvent
        let line: [UInt8]?
        let byteCount: Int
    }

    private struct State {
        var waiting: [Entry] = []
        /// What has not been delivered, with what is on its way.
        var eventCount = 0
        var byteCount = 0
        /// How many events have been left out since the listener was told of that.
        var missedCount = 0
        var isDelivering = false

        mutating func add(_ event: RunEvent, _ line: [UInt8]?) {
            let entry = Entry(event: event, line: line, byteCount: line?.count ?? event.textByteCount)
            waiting.append(entry)
            eventCount += 1
            byteCount += entry.byteCount
        }

        /// Joins what goes on with what waits last; false if that is about something else.
        mutating func join(_ next: Progress) -> Bool {
            guard case .progress(let last)? = waiting.last?.event, let joined = last.joined(with: next) else {
                return false
            }
            let old = waiting.removeLast()
            eventCount -= 1
            byteCount -= old.byteCount
            add(.progress(joined), nil)
            return true
        }
    }

    private let listener: EventListener
    private let state = Mutex(State())
    private let thread = DispatchQueue(label: "journal-listener")
    private let work = DispatchGroup()

    init(_ listener: EventListener) {
        self.listener = listener
    }

    /// Puts an event into the queue and returns at once; leaves it out where there is no room.
    func send(_ event: RunEvent, _ line: [UInt8]?, at time: Duration) {
        guard line != nil || listener.takesDeltas else { return }
        let begins = state.withLock { state in
            if case .progress(let progress) = event {
                // Only how things stand last matters: it takes the place of what waits, and is not missed.
                if state.join(progress) { return false }
                guard hasRoom(state) else { return false }
            }
            guard hasRoom(state) || event.kind == .runFinished else {
                state.missedCount += 1
                return false
            }
            if state.missedCount > 0 {
                let missed = RunEvent.eventsMissed(state.missedCount)
                state.add(missed, missed.line(at: time))
                state.missedCount = 0
            }
            state.add(event, line)
            defer { state.isDelivering = true }
            return !state.isDelivering
        }
        guard begins else { return }
        work.enter()
        thread.async { self.deliver() }
    }

    /// Waits until all has been delivered; false if that takes longer.
    func wait(until end: DispatchTime) -> Bool { work.wait(timeout: end) == .success }

    /// Once something has been left out, there is room again when half of what waits is gone: few gaps are better than
    /// many.
    private func hasRoom(_ state: State) -> Bool {
        let part = state.missedCount > 0 ? 2 : 1
        return state.eventCount < listener.limits.eventCount / part
            && state.byteCount < listener.limits.byteCount / part
    }

    private func deliver() {
        while let batch = nextBatch() {
            for entry in batch {
                listener.receive(entry.event, entry.line)
                state.withLock { state in
                    state.eventCount -= 1
                    state.byteCount -= entry.byteCount
                }
            }
        }
        work.leave()
    }

    private func nextBatch() -> [Entry]? {
        state.withLock { state in
            state.isDelivering = !state.waiting.isEmpty
            defer { state.waiting = [] }
            return state.isDelivering ? state.waiting : nil
        }
    }
}

extension RunEvent {
    /// How much text an event without a line has.
    fileprivate var textByteCount: Int {
        switch self {
        case .textDelta(let text, _), .reasoningDelta(let text): text.utf8.count
        case .progress(.output(_, let bytes)): bytes.count
        default: 0
        }
    }
}
