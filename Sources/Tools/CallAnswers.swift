import Responses
import Session

/// The answers to the calls of one response, in the order of the calls.
struct CallAnswers {
    private(set) var items: [Item] = []
    private let calls: [ToolCall]
    private let turn: Int
    private let events: any EventSink
    private var made: [Int: ToolAnswer] = [:]
    private var staged: [Int] = []
    private var notes: [Item] = []

    init(_ calls: [ToolCall], turn: Int, events: any EventSink) {
        self.calls = calls
        self.turn = turn
        self.events = events
    }

    var hasStaged: Bool { !staged.isEmpty }

    /// Marks a call as answered by the commit.
    mutating func stage(_ index: Int) { staged.append(index) }

    mutating func takeStaged() -> [Int] {
        defer { staged = [] }
        return staged
    }

    /// Records an answer when all earlier ones exist, so that journal and history have the same order.
    mutating func record(_ answer: ToolAnswer, at index: Int) {
        made[index] = answer
        while items.count < calls.count, let next = made[items.count] {
            let call = calls[items.count]
            add(next.item(for: call))
            if let note = next.note(for: call) { notes.append(note) }
        }
        // Words between the answers could part them from their calls.
        guard items.count == calls.count else { return }
        for note in notes { add(note) }
        notes = []
    }

    private mutating func add(_ item: Item) {
        events.record(.inputItem(item, turn: turn))
        items.append(item)
    }
}
