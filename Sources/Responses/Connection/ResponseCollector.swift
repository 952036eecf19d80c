/// Gathers the finished items of one response while it streams.
public struct ResponseCollector: Sendable {
    private var done: [(index: Int, item: Item)] = []

    /// Starts without items.
    public init() {}

    /// Takes in an event.
    public mutating func receive(_ event: ServerEvent) {
        if case .itemDone(let index, let item) = event { done.append((index, item)) }
    }

    /// The items of the response, in output order.
    ///
    /// These are the finished items of the stream, or the list in the last event if it has more: some servers stream no
    /// items, and some do not repeat them.
    public func items(at end: ResponseEnd) -> [Item] {
        if end.output.count > done.count { return end.output }
        return done.enumerated()
            .sorted { ($0.element.index, $0.offset) < ($1.element.index, $1.offset) }
            .map(\.element.item)
    }
}
