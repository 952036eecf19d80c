import JSONRPC
import Text
import Transport

/// Reads the messages of a stream of events, and knows where it had come to.
struct StreamReader {
    private var events = ServerSentEvents(byteLimit: LinkLimits.message)
    /// The id of the last event; nil if events have none.
    private(set) var lastID: String?
    /// The requests whose answers have come.
    private(set) var answered: Set<RPCID> = []

    /// Takes the next bytes.
    ///
    /// - Throws: For an event that is too large.
    mutating func feed(_ bytes: [UInt8]) throws(TransportError) -> [LinkEvent] {
        var messages: [LinkEvent] = []
        for event in try events.feed(bytes) {
            lastID = event.id ?? lastID
            // A server may begin with an event that only has an id.
            guard !event.data.isEmpty else { continue }
            for message in RPCMessage.read(event.data) {
                if case .success(.response(let id, _)) = message { answered.insert(id) }
                messages.append(LinkEvent(message, event.data))
            }
        }
        return messages
    }
}

extension String {
    /// The text as the value of a header: as it is, or in base64 where a header cannot hold it (MCP 2026-07-28).
    var asHeader: String {
        let isPlain =
            utf8.allSatisfy { 0x20...0x7E ~= $0 } && first != " " && last != " " && !hasPrefix("=?base64?") && !isEmpty
        return isPlain ? self : "=?base64?\(Base64.encoded(Array(utf8)))?="
    }
}
