/// The requests that wait for an answer, each with what belongs to it.
public struct RequestTable<Value: Sendable>: Sendable {
    private var open: [RPCID: Value] = [:]
    private var last = 0

    /// Makes an empty table.
    public init() {}

    /// The requests that are open.
    public var ids: [RPCID] { Array(open.keys) }

    /// Opens a request with an id that no other one has had.
    public mutating func add(_ value: Value) -> RPCID {
        last += 1
        let id = RPCID(last)
        open[id] = value
        return id
    }

    /// What belongs to an open request; nil for one that is closed, or that nobody made.
    public subscript(id: RPCID) -> Value? {
        get { open[id] }
        set { if open[id] != nil { open[id] = newValue } }
    }

    /// Closes a request; nil if it is not open.
    public mutating func take(_ id: RPCID) -> Value? { open.removeValue(forKey: id) }

    /// Closes all requests.
    public mutating func takeAll() -> [Value] {
        defer { open = [:] }
        return Array(open.values)
    }
}
