/// The history of one conversation: the items in order, as bytes.
///
/// A request takes the whole of it or the part behind what the server already has. Appending is the only change
/// but for a compaction, which replaces everything.
public struct Window: Sendable, Equatable {
    /// The items in the order in which the model sees them.
    public private(set) var items: [Item] = []
    /// About how many tokens the items cost.
    public private(set) var tokenEstimate = 0
    /// Counts how often the history was replaced: an item's position means something within one epoch only.
    public private(set) var epoch = 0
    private var open: [String] = []

    /// Starts an empty history.
    public init() {}

    /// Appends an item and keeps account of calls without an output.
    public mutating func append(_ item: Item) {
        items.append(item)
        tokenEstimate += item.tokenEstimate
        guard let callID = item.callID else { return }
        if item.isClientCall {
            open.append(callID)
        } else if item.isOutput {
            open.removeAll { $0 == callID }
        }
    }

    /// Appends items in order.
    public mutating func append(contentsOf items: some Sequence<Item>) {
        for item in items { append(item) }
    }

    /// The calls that have no output yet; a server refuses a request in which one is missing.
    public var unansweredCalls: [Item] {
        open.isEmpty ? [] : items.filter { $0.isClientCall && open.contains($0.callID ?? "") }
    }

    /// Replaces the history by a compacted one.
    public mutating func replace(with items: some Sequence<Item>) {
        let next = epoch + 1
        self = Window()
        epoch = next
        append(contentsOf: items)
    }
}
