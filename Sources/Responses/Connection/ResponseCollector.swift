import JSON

/// Gathers the finished items of one response while it streams, and tells its events from those of other responses.
///
/// A connection carries one response after the other. What an earlier one sends late, twice or under another name must
/// never be taken for a part of the next: a call would be run that nobody asked for, or one would be missing.
public struct ResponseCollector: Sendable {
    /// Whether an event is a part of the response.
    public enum Fit: Sendable, Equatable {
        /// It is.
        case own
        /// It is left over from a response that has ended, and is passed over.
        case stray
        /// It contradicts what came before, so that nothing on the connection can be believed; a clause says why.
        case wrong(String)
    }

    /// The id that the response has announced; nil before that, and where the server announces none.
    public private(set) var id: ResponseID?
    /// Whether two calls had one id.
    public private(set) var hasDoubledCalls = false
    private let past: [ResponseID]
    private let toleratesDoubles: Bool
    private var started: Set<Int> = []
    private var done: [(index: Int, item: Item)] = []

    /// Starts without items.
    ///
    /// - Parameters:
    ///   - past: The responses that have ended on the connection, of those that were announced. After one of them the
    ///     next has to be announced too.
    ///   - toleratesDoubles: Whether two calls may have one id: the server has made the same mistake before, and the
    ///     second is answered by saying so.
    public init(after past: [ResponseID] = [], toleratesDoubles: Bool = false) {
        self.past = past
        self.toleratesDoubles = toleratesDoubles
    }

    /// Takes in an event.
    public mutating func receive(_ event: ServerEvent) -> Fit {
        switch event {
        case .failed: return .own
        case .created(let new):
            if past.contains(new) { return .stray }
            if let id, id != new { return .wrong("a second response began before the first had ended") }
            id = new.rawValue.isEmpty ? nil : new
            return .own
        case .ended(let end):
            if past.contains(end.id) { return .stray }
            if isAwaited { return .wrong("a response ended that had not begun") }
            return fit(of: end)
        case .itemStarted(let index, _, _, _):
            if isAwaited { return .stray }
            started.insert(index)
        case .itemDone(let index, let item):
            if isAwaited { return .stray }
            add(item, at: index)
        default: if isAwaited { return .stray }
        }
        return .own
    }

    /// The items of the response, in output order.
    ///
    /// These are the finished items of the stream, or the list in the last event if it has more: some servers stream no
    /// items, and some do not repeat them. A call that came twice is there once.
    public func items(at end: ResponseEnd) -> [Item] {
        var items = end.output
        if items.count <= done.count {
            items = done.enumerated()
                .sorted { ($0.element.index, $0.offset) < ($1.element.index, $1.offset) }
                .map(\.element.item)
        }
        var calls: Set<[UInt8]> = []
        return items.filter { !$0.isClientCall || calls.insert($0.raw).inserted }
    }

    private var isAwaited: Bool { id == nil && !past.isEmpty }

    private mutating func fit(of end: ResponseEnd) -> Fit {
        if let id, !end.id.rawValue.isEmpty, end.id != id {
            return .wrong("the response \(id.rawValue) ended as \(end.id.rawValue)")
        }
        let items = items(at: end)
        let isListShorter = end.output.count <= done.count
        if end.outcome == .completed, isListShorter, let lost = started.subtracting(done.map(\.index)).min() {
            return .wrong("a response ended without its item \(lost)")
        }
        var calls: Set<String> = []
        let doubled = items.first { $0.isClientCall && !calls.insert($0.callID ?? "").inserted }
        hasDoubledCalls = doubled != nil
        if let doubled, !toleratesDoubles {
            return .wrong("two calls of a response have the id \(doubled.callID ?? "")")
        }
        return .own
    }

    /// Takes a finished item; one that came before is replaced.
    private mutating func add(_ item: Item, at index: Int) {
        // Servers that number no items give all of them the same index.
        if let known = done.firstIndex(where: { $0.index == index && $0.item.isSame(as: item) }) {
            done[known].item = item
        } else {
            done.append((index, item))
        }
    }
}

extension Item {
    /// Whether another event tells of the same item.
    fileprivate func isSame(as other: Item) -> Bool {
        if raw == other.raw { return true }
        if let id = json?["id"]?.string, let otherID = other.json?["id"]?.string { return id == otherID }
        return callID != nil && callID == other.callID
    }
}
