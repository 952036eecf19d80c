import JSON
import Text

/// One request as it went out.
public struct RequestReport: Sendable, Equatable {
    /// The turn it belongs to.
    public var turn: Int
    /// `websocket` or `http`.
    public var transport: String
    /// Bytes of the request.
    public var byteCount: Int
    /// Bytes of the items in it.
    public var itemByteCount: Int
    /// From the last event of the response before it to this request; absent for the first.
    public var sinceLastEvent: Duration?

    /// Names the parts.
    public init(turn: Int, transport: String, byteCount: Int, itemByteCount: Int, sinceLastEvent: Duration?) {
        self.turn = turn
        self.transport = transport
        self.byteCount = byteCount
        self.itemByteCount = itemByteCount
        self.sinceLastEvent = sinceLastEvent
    }
}

extension RequestReport {
    func write(into writer: inout JSONWriter) {
        writer.member("turn", turn)
        writer.member("transport", transport)
        writer.member("bytes", byteCount)
        writer.member("item_bytes", itemByteCount)
        if let sinceLastEvent { writer.member("since_last_event_ms", sinceLastEvent.milliseconds) }
    }

    init?(_ json: JSON) {
        guard let turn = json["turn"]?.int, let transport = json["transport"]?.string else { return nil }
        self.init(
            turn: turn, transport: transport, byteCount: json["bytes"]?.int ?? 0,
            itemByteCount: json["item_bytes"]?.int ?? 0, sinceLastEvent: json["since_last_event_ms"]?.milliseconds)
    }
}
