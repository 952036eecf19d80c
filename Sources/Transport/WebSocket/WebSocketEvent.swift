/// An event of a WebSocket.
public enum WebSocketEvent: Sendable, Equatable {
    /// A whole text message, checked to be UTF-8, and when its last byte was read.
    case message([UInt8], at: ContinuousClock.Instant)
    /// The end of the connection; every later wait returns it again.
    ///
    /// The code is that of the close frame of either side (1005 for one without a code), and nil if the connection was
    /// cut without one. It is also nil for 1002, to which libwebsockets rewrites the codes 1012 to 1015 and unassigned
    /// ones of the server.
    case closed(code: UInt16?, reason: String)
}
