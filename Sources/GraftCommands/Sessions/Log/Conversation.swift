import Responses
import Session
import Terminal
import Text

/// The conversation of a session, read off its events one after the other.
struct Conversation {
    /// The events that it is made of.
    static let kinds: Set<RunEvent.Kind> = [
        .turnStarted, .turnCompleted, .responseItem, .inputItem, .windowCompacted, .milestoneReported,
    ]

    /// What an event adds to it.
    enum Entry {
        /// An item, with its number from 1, its turn, and the number and the name of the call that it answers.
        case item(Item, number: Int, turn: Int, answered: (number: Int, name: String)?)
        /// The history was made shorter.
        case compaction(CompactionReport)
        /// A point of the work was reached.
        case milestone(Milestone)
        /// The response before did not come to its end, and its items are not part of the history.
        case brokenOff(count: Int)
    }

    /// How many items there have been.
    private(set) var count = 0
    private var calls: [String: (number: Int, name: String)] = [:]
    /// The items of a response that has not ended yet.
    private var arriving = 0

    /// Takes in an event.
    mutating func entries(of event: RunEvent) -> [Entry] {
        switch event {
        case .turnStarted:
            defer { arriving = 0 }
            return arriving > 0 ? [.brokenOff(count: arriving)] : []
        case .turnCompleted:
            arriving = 0
            return []
        case .responseItem(let item, let turn):
            arriving += 1
            return [entry(item, turn)]
        case .inputItem(let item, let turn): return [entry(item, turn)]
        case .windowCompacted(let report): return [.compaction(report)]
        case .milestoneReported(let milestone, _): return [.milestone(milestone)]
        default: return []
        }
    }

    private mutating func entry(_ item: Item, _ turn: Int) -> Entry {
        count += 1
        var answered: (number: Int, name: String)?
        if let callID = item.callID {
            if item.isOutput {
                answered = calls[callID]
            } else {
                calls[callID] = (count, ToolCall(item)?.name ?? item.type)
            }
        }
        return .item(item, number: count, turn: turn, answered: answered)
    }
}

extension Conversation.Entry {
    /// So many lines of an item are shown; of a longer one its beginning and its end.
    private static let lineLimit = 30

    /// The entry for a program: an item as it is, any other event as its line in the journal.
    func json(_ line: [UInt8]) -> [UInt8] {
        switch self {
        case .item(let item, _, _, _):
            // A line is an object: line breaks between the tokens of one are no part of it.
            return item.raw.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 } + [0x0A]
        case .compaction, .milestone: return line + [0x0A]
        case .brokenOff: return []
        }
    }

    /// The entry for a person.
    func text(_ style: TerminalStyle) -> String {
        switch self {
        case .item(let item, let number, let turn, let answered):
            let text = ItemText(item)
            let place = turn > 0 ? " · turn \(turn)" : ""
            let call = answered.map { " to #\($0.number) \($0.name.markedLine)" } ?? ""
            let heading = style.filled("#\(number) \(text.title.markedLine)\(call)", indent: 2)
            return style(.strong, heading) + style(.faint, place) + "\n" + Self.body(text, number, style) + "\n"
        case .compaction(let report):
            let line = "── \(report.line): the model went on from here with \(report.items.count) items ──"
            return style(.place, style.filled(line, indent: 3)) + "\n\n"
        case .milestone(let milestone):
            return style.filled(milestone.line(marked: milestone.reporter == .harness ? "✓" : "◆"), indent: 2) + "\n\n"
        case .brokenOff(let count):
            let items = count == 1 ? "the item above is" : "the \(count) items above are"
            return style(.faint, "── the response broke off: \(items) not part of the conversation ──") + "\n\n"
        }
    }

    private static func body(_ text: ItemText, _ number: Int, _ style: TerminalStyle) -> String {
        var lines = text.shown.marked.split(separator: "\n", omittingEmptySubsequences: false)
        while lines.last?.isEmpty == true { lines.removeLast() }
        let left = lines.count - lineLimit
        // A line more is shorter than the note about it.
        guard text.isShortened, left > 1 else { return lines.map { shown($0, text, style) }.joined() }
        let head = lines.prefix(lineLimit / 2), tail = lines.suffix(lineLimit - lineLimit / 2)
        let note = style(.faint, "  … \(left) more lines: --item \(number) shows all") + "\n"
        return head.map { shown($0, text, style) }.joined() + note + tail.map { shown($0, text, style) }.joined()
    }

    private static func shown(_ line: Substring, _ text: ItemText, _ style: TerminalStyle) -> String {
        let filled = style.filled("  " + line, indent: nil)
        guard text.isDiff, style.hasColor, let sign = line.first, "+-@".contains(sign) else { return filled + "\n" }
        return style(sign == "+" ? .added : sign == "-" ? .removed : .place, filled) + "\n"
    }
}
