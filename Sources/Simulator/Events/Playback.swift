import JSON
import Responses

/// One response on its way to a client: a plan that hands out step after step.
///
/// It performs nothing itself, so the same plan feeds a WebSocket, an SSE stream and a test. The events of an item
/// are made when the item's turn comes, so a large response is never in memory as events.
struct Playback: Sendable {
    /// What to do next.
    enum Step: Sendable {
        case event(Event)
        /// Text instead of an event.
        case text(String)
        /// A pause of so many milliseconds.
        case wait(Int)
        /// Cut the connection; on a WebSocket with a close code if there is one.
        case cut(UInt16?)
    }

    let head: ResponseHead
    /// The output items, complete.
    let items: [JSON]
    /// How the response ends.
    let ending: ResponseHead.State
    let deltaBytes: Int?
    /// The connection is cut after so many events.
    var cutAfter: (events: Int, code: UInt16?)?
    var rawText: String?
    var rawEvents: [JSON] = []
    var isQueuedFirst = false
    /// Whether only the finished response is wanted: no events but the terminal one are made.
    var isCollected = false
    /// Milliseconds between the beginning of each item and what follows of it.
    var itemDelay = 0

    private var writer: EventWriter
    private var pending: ArraySlice<Step> = []
    private var stage = Stage.head
    private var sent = 0
    private let delay: Int

    private enum Stage {
        case head, extra
        case item(Int)
        case over
    }

    init(
        head: ResponseHead, items: [JSON], ending: ResponseHead.State, streamID: String?, delay: Int, deltaBytes: Int?
    ) {
        self.head = head
        self.items = items
        self.ending = ending
        self.delay = delay
        self.deltaBytes = deltaBytes
        writer = EventWriter(streamID: streamID)
    }

    /// The next step, or nil when the response is over.
    mutating func next() -> Step? {
        while true {
            if let cutAfter, sent >= cutAfter.events {
                self.cutAfter = nil
                stage = .over
                pending = []
                return .cut(cutAfter.code)
            }
            if let step = pending.popFirst() {
                if case .event = step { sent += 1 }
                return step
            }
            guard advance() else { return nil }
        }
    }

    /// The lane that the events name.
    var streamID: String? { writer.streamID }

    /// The finished response object.
    var response: [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        head.write(ending, to: &writer)
        return writer.bytes
    }

    private mutating func advance() -> Bool {
        switch stage {
        case .head where isCollected:
            stage = .over
            var steps: [Step] = delay > 0 ? [.wait(delay)] : []
            if let cutAfter {
                steps.append(.cut(cutAfter.code))
            } else {
                if let rawText { steps.append(.text(rawText)) }
                steps.append(.event(Event(type: "response.\(ending.status)", bytes: [], role: .terminal)))
            }
            cutAfter = nil
            pending = steps[...]
        case .head:
            stage = .extra
            if !rawEvents.isEmpty, items.isEmpty {
                stage = .over
                pending = verbatim()[...]
                return true
            }
            var steps: [Step] = []
            if isQueuedFirst { steps.append(.event(state("response.queued", status: "queued"))) }
            steps.append(.event(state("response.created")))
            steps.append(.event(state("response.in_progress")))
            if delay > 0 { steps.append(.wait(delay)) }
            pending = steps[...]
        case .extra:
            stage = .item(0)
            var steps = verbatim()
            if let rawText { steps.append(.text(rawText)) }
            pending = steps[...]
        case .item(let index) where index < items.count:
            stage = .item(index + 1)
            let events = ItemEvents(item: items[index], outputIndex: index, deltaBytes: deltaBytes)
            var steps = events.events(&writer).map(Step.event)
            if itemDelay > 0 { steps.insert(.wait(itemDelay), at: 1) }
            pending = steps[...]
        case .item:
            stage = .over
            pending = [.event(terminal())]
        case .over: return false
        }
        return true
    }

    private mutating func state(_ type: String, status: String = "in_progress") -> Event {
        writer.event(type, capacity: 1024) { writer in
            writer.key("response")
            head.write(ResponseHead.State(status: status), to: &writer)
        }
    }

    private mutating func terminal() -> Event {
        writer.event("response.\(ending.status)", .terminal, capacity: 2048) { writer in
            writer.key("response")
            head.write(ending, to: &writer)
        }
    }

    /// The scenario's own events; `{{response_id}}` in them stands for the response's id.
    private func verbatim() -> [Step] {
        let terminals = ["response.completed", "response.incomplete", "response.failed"]
        return rawEvents.enumerated().map { index, event in
            let text = event.rawText.split(separator: "{{response_id}}", omittingEmptySubsequences: false)
                .joined(separator: head.id)
            let type = event["type"]?.string ?? "message"
            let isLast = items.isEmpty && index == rawEvents.count - 1
            let role: Event.Role = isLast || terminals.contains(type) ? .terminal : .other
            return .event(Event(type: type, bytes: Array(text.utf8), role: role))
        }
    }
}
