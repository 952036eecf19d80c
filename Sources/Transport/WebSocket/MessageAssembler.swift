/// Assembles messages from the pieces that libwebsockets delivers.
struct MessageAssembler {
    /// A piece of a frame, as the receive callback describes it.
    struct Piece {
        let isBinary: Bool
        /// Whether this is the last frame of the message (`lws_is_final_fragment`).
        let isFinal: Bool
        /// The remaining bytes of this frame (`lws_remaining_packet_payload`).
        let remaining: Int
    }

    /// Why the connection has to be closed, with the code for the close frame (RFC 6455, section 7.4.1).
    struct Violation: Error, Equatable {
        let code: UInt16
        let reason: String
    }

    private let byteLimit: Int
    private var message: [UInt8] = []

    init(byteLimit: Int) { self.byteLimit = byteLimit }

    /// Adds a piece; returns the message if it is complete.
    mutating func add(_ bytes: UnsafeRawBufferPointer, _ piece: Piece) throws(Violation) -> [UInt8]? {
        guard !piece.isBinary else { throw Violation(code: 1003, reason: "a binary message was not expected") }
        guard message.count + bytes.count + piece.remaining <= byteLimit else {
            throw Violation(code: 1009, reason: "a message has more than \(byteLimit) bytes")
        }
        if message.isEmpty, piece.remaining > 0 { message.reserveCapacity(bytes.count + piece.remaining) }
        message.append(contentsOf: bytes)
        guard piece.isFinal, piece.remaining == 0 else { return nil }
        let whole = message
        message = []
        guard (try? UTF8Span(validating: whole.span)) != nil else {
            throw Violation(code: 1007, reason: "a text message was not UTF-8")
        }
        return whole
    }
}
