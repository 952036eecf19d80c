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
        /// Bytes that go to the socket as they are.
        case bytes([UInt8])
        /// The first bytes of an event's frame.
        case part(Event, Int)
        /// An event's frame, byte by byte, with so many milliseconds between them.
        case drip(Event, Int)
        /// Nothing more goes out; a deaf server does not read either.
        case stall(isDeaf: Bool)
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
    /// What happens to events on their way.
    var wire: [Scenario.WireFault] = []
    /// How server-sent events are written.
    var eventLines: Set<Scenario.EventLines> = []
    var isQueuedFirst = false
    /// Whether only the finished response is wanted: no events but the terminal one are made.
    var isCollected = false
    /// Milliseconds between the beginning of each item and what follows of it.
    var itemDelay = 0

    private var writer: EventWriter
    private var pending: ArraySlice<Step> = []
    private var stage = Stage.head
    private var sent = 0
    /// What the faults have made of events.
    private var faulty: ArraySlice<Step> = []
    /// An event that follows its successor.
    private var held: Event?
    private var number = 0
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
        if let step = faulty.popFirst() { return step }
        guard let step = nextPlanned() else { return held.take().map { .event($0) } }
        guard !wire.isEmpty, case .event(let event) = step else { return step }
        faulty = steps(for: event)[...]
        number += 1
        return faulty.isEmpty ? next() : faulty.popFirst()
    }

    private mutating func nextPlanned() -> Step? {
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

    /// What goes out in place of an event.
    private mutating func steps(for event: Event) -> [Step] {
        var (event, core, after): (Event, [Step]?, [Step]) = (event, nil, [])
        var before: [Step] = []
        for fault in wire where fault.concerns(event, number: number) {
            switch fault.action {
            case .before(let others): before += others.map(inserted)
            case .instead(let others): core = others.map(inserted)
            case .after(let others): after += others.map(inserted)
            case .edit(let edits):
                var text = String(decoding: event.bytes, as: UTF8.self)
                for (from, to) in edits {
                    text = text.split(separator: filled(from), omittingEmptySubsequences: false).joined(
                        separator: filled(to))
                }
                event = Event(type: event.type, bytes: Array(text.utf8), role: event.role)
            case .copies(let count): after += [Step](repeating: .event(event.asOther), count: max(count - 1, 0))
            case .swap where held == nil:
                held = event
                return before
            case .swap: break
            case .omit: core = []
            case .cut(let code): core = [.cut(code)]
            case .part(let count): core = [.part(event, count), .cut(nil)]
            case .drip(let pause): core = [.drip(event, pause)]
            case .stall(let isDeaf): core = [.stall(isDeaf: isDeaf)]
            case .bytes(let bytes): core = [.bytes(bytes)]
            }
        }
        if core == nil, let first = held.take() { after.insert(.event(first), at: 0) }
        guard event.role == .terminal, core == nil, let last = after.last, case .event(let final) = last else {
            return before + (core ?? [.event(event)]) + after
        }
        // The response is over when the last of them is out.
        after[after.count - 1] = .event(Event(type: final.type, bytes: final.bytes, role: .terminal))
        return before + [.event(event.asOther)] + after
    }

    private func inserted(_ value: JSON) -> Step {
        if let text = value.string { return .text(filled(text)) }
        return .event(Event(type: value["type"]?.string ?? "message", bytes: Array(filled(value.rawText).utf8)))
    }

    /// A text with the ids of the response and of the one that it continues.
    private func filled(_ text: String) -> String {
        text.split(separator: "{{response_id}}", omittingEmptySubsequences: false).joined(separator: head.id)
            .split(separator: "{{previous_id}}", omittingEmptySubsequences: false)
            .joined(separator: head.previousID ?? "resp_none")
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
