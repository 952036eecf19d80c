/// The history of one conversation: the items in order, as bytes.
///
/// A request carries all of it, or the part that the server does not have yet. Items are only appended, except that a
/// compaction replaces all of them.
public struct Window: Sendable, Equatable {
    /// The items, in the order in which the model sees them.
    public private(set) var items: [Item] = []
    /// The estimated number of tokens.
    public private(set) var tokenEstimate = 0
    /// How often the history was replaced; an item's position is valid within one epoch only.
    public private(set) var epoch = 0
    /// The items that add tools, for servers that take tools as parameters only.
    public private(set) var toolItems: [Item] = []
    private var open: [String] = []

    /// Starts an empty history.
    public init() {}

    /// Starts a history of these items.
    public init(_ items: some Sequence<Item>) { append(contentsOf: items) }

    /// Appends an item, and tracks calls without an output.
    public mutating func append(_ item: Item) {
        items.append(item)
        tokenEstimate += item.tokenEstimate
        if item.type == Item.toolsType { toolItems.append(item) }
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

    /// The calls without an output; a server refuses a request with one.
    public var unansweredCalls: [Item] {
        open.isEmpty ? [] : items.filter { $0.isClientCall && open.contains($0.callID ?? "") }
    }

    /// Replaces the history with a compacted one.
    public mutating func replace(with items: some Sequence<Item>) {
        let next = epoch + 1
        self = Window()
        epoch = next
        append(contentsOf: items)
    }
}
