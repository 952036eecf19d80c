/// Gathers the finished items of one response while it streams.
public struct ResponseCollector: Sendable {
    private var done: [(index: Int, item: Item)] = []

    /// Starts with nothing.
    public init() {}

    /// Takes note of an event.
    public mutating func receive(_ event: ServerEvent) {
        if case .itemDone(let index, let item) = event { done.append((index, item)) }
    }

    /// The items of the response, in output order.
    ///
    /// The items as they were finished are what counts; the list in the last event is used where it has more of
    /// them, since some servers stream no items and some repeat none.
    public func items(at end: ResponseEnd) -> [Item] {
        if end.output.count > done.count { return end.output }
        return done.enumerated()
            .sorted { ($0.element.index, $0.offset) < ($1.element.index, $1.offset) }
            .map(\.element.item)
    }
}
