import JSON
import Responses

/// One server event: the JSON, and what the server has to know about it.
struct Event: Sendable {
    /// What the server does besides sending it.
    enum Role: Sendable, Equatable {
        case other
        /// The item at this index of the output is out.
        case itemDone(Int)
        /// The response is over.
        case terminal
    }

    let type: String
    let bytes: [UInt8]
    var role = Role.other

    /// The same event, with which nothing else happens.
    var asOther: Event { Event(type: type, bytes: bytes) }
}

/// Writes events with rising sequence numbers.
struct EventWriter: Sendable {
    /// The lane that events name, if the request did.
    let streamID: String?
    private(set) var sequence = 0

    init(streamID: String?) {
        self.streamID = streamID
    }

    mutating func event(
        _ type: String, _ role: Event.Role = .other, capacity: Int = 256, _ body: (inout JSONWriter) -> Void
    ) -> Event {
        var writer = JSONWriter(capacity: capacity)
        writer.object { writer in
            writer.member("type", type)
            writer.member("sequence_number", sequence)
            body(&writer)
            if let streamID { writer.member("stream_id", streamID) }
        }
        sequence += 1
        return Event(type: type, bytes: writer.bytes, role: role)
    }
}
