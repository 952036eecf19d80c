import JSON
import Prompts
import Responses
import Tools

/// What becomes of a history that is compacted; pure.
///
/// The new history is the rules and the task, what the server or the model has made of the old one, the last step with
/// its answers as they were, and the state card.
struct CompactionPlan {
    /// A short form of a history.
    enum Short: Sendable, Equatable {
        /// One item of the server, in the place of all that it was made of.
        case item(Item)
        /// The whole history as the server wants it.
        case window([Item])
        /// A summary that the model wrote.
        case summary(String)
    }

    private let items: [Item]
    /// What stays at the beginning: the rules, the task, and what the model was told on its way by people and by the
    /// files of instructions.
    let opening: [Item]
    /// The last step, as it goes on.
    let kept: [Item]

    /// The first line of the message that a summary becomes.
    static let summaryHeading = "# What happened so far, in your words"
    private static let mostSteps = 4

    /// Plans the compaction of a history.
    ///
    /// - Parameters:
    ///   - opening: The rules and the task.
    ///   - limit: The most tokens that the last step should have; longer answers lose their middle.
    init(_ items: [Item], opening: [Item], keeping limit: Int) {
        self.items = items
        let floor = (items.lastIndex { $0.isCompaction } ?? -1) + 1
        let start = Self.lastStep(in: items, from: floor, limit)
        let step = items[start...].filter { !StateCard.isCard($0) }
        kept = Self.fitted(step, limit)
        let tools = FoundTools(in: Array(items[..<start]))
        let told = items[..<start].enumerated().compactMap { index, item -> Item? in
            if opening.contains(item) { return nil }
            if let kept = tools.kept(item, at: index) { return kept }
            guard item.role == "user", let text = item.messageText else { return nil }
            return [Prompt.nestedInstructions, Prompt.newest, Prompt.skills].contains(where: text.hasPrefix)
                ? item : nil
        }
        self.opening = opening + told
    }

    /// What people have said since the task, word for word, in order.
    static func instructions(in items: [Item]) -> [String] {
        items.compactMap { item in
            guard item.role == "user", let text = item.messageText, text.hasPrefix(Prompt.newest) else { return nil }
            return String(text.dropFirst(Prompt.newest.count)).trimmingLineBreaks
        }
    }

    /// What the new history comes to in tokens, before its short form is known.
    var estimate: Int {
        let card = 1500, short = 2500
        return (opening + kept).reduce(card + short) { $0 + $1.tokenEstimate }
    }

    /// The old history without the state cards of earlier compactions: what they say, the new one says better.
    var withoutCards: [Item] { items.filter { !StateCard.isCard($0) } }

    /// The new history.
    func window(_ short: Short, card: Item) -> [Item] {
        switch short {
        case .item(let item): return opening + [item] + kept + [card]
        case .summary(let text):
            return opening + [.message(role: "user", text: "\(Self.summaryHeading)\n\n\(text)")] + kept + [card]
        case .window(let output):
            // The server leaves out the rules, and may have kept a part of the last step itself.
            let calls = Set(output.compactMap(\.callID)), texts = Set(output.compactMap(\.messageText))
            let rules = opening.filter { !texts.contains($0.messageText ?? "") && !output.contains($0) }
            let rest = kept.contains { $0.callID.map(calls.contains) == true } ? [] : kept
            let step = rest.filter { $0.role != "user" || !texts.contains($0.messageText ?? "") }
            return rules + output + step + [card]
        }
    }

    /// The old history cut down to a size, for one request: the answers of the oldest calls lose most of their text
    /// first, then all do, then the oldest steps are left out.
    func trimmed(toTokens target: Int) -> [Item] {
        var items = withoutCards
        var size = items.reduce(0) { $0 + $1.tokenEstimate }
        for (limit, spared) in [(2000, kept.count), (400, 0)] {
            for index in items.indices.dropLast(spared) where size > target {
                let short = items[index].shortened(toBytes: limit)
                size -= items[index].tokenEstimate - short.tokenEstimate
                items[index] = short
            }
        }
        let first = items.firstIndex { $0.isFromModel || $0.isCompaction } ?? items.endIndex
        while size > target {
            var end = first
            while end < items.endIndex, items[end].isFromModel || items[end].isCompaction { end += 1 }
            while end < items.endIndex, !items[end].isFromModel { end += 1 }
            guard end < items.endIndex else { break }
            size -= items[first..<end].reduce(0) { $0 + $1.tokenEstimate }
            items.removeSubrange(first..<end)
        }
        return items
    }

    /// Where the last step begins in which something was done: the response's first item, so that reasoning stays with
    /// what it led to, and calls with their answers.
    private static func lastStep(in items: [Item], from floor: Int, _ limit: Int) -> Int {
        var (start, size) = (items.count, 0)
        for _ in 0..<mostSteps {
            var first = start
            while first > floor, !items[first - 1].isFromModel { first -= 1 }
            let answers = first
            while first > floor, items[first - 1].isFromModel { first -= 1 }
            guard first < answers else { break }
            let step = items[first..<start]
            size += step.reduce(0) { $0 + $1.tokenEstimate }
            if start < items.count, size > limit { break }
            start = first
            if step.contains(where: isWork) { break }
        }
        return start
    }

    private static func isWork(_ item: Item) -> Bool {
        item.isClientCall && !ToolCatalog.notingTools.contains(item.json?["name"]?.string ?? "")
    }

    private static func fitted(_ step: [Item], _ limit: Int) -> [Item] {
        guard step.reduce(0, { $0 + $1.tokenEstimate }) > limit else { return step }
        let share = max(limit * 4 / max(step.count { $0.isOutput }, 1), 1000)
        return step.map { $0.shortened(toBytes: share) }
    }
}

extension String {
    /// The text without the line breaks around it.
    fileprivate var trimmingLineBreaks: String {
        var rest = self[...]
        while rest.first?.isNewline == true { rest.removeFirst() }
        while rest.last?.isNewline == true { rest.removeLast() }
        return String(rest)
    }
}
