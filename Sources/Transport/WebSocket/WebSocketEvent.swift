/// What arrives on a WebSocket.
public enum WebSocketEvent: Sendable, Equatable {
    /// A whole text message, checked to be UTF-8, and when its last byte was read.
    case message([UInt8], at: ContinuousClock.Instant)
    /// The end of the connection: it comes once and then stays.
    ///
    /// The code is that of the close frame, from whichever side it came (1005 for one without a code), and nil when
    /// the connection was cut without one. It is nil, too, where libwebsockets hides the code: it rewrites 1012 to
    /// 1015 and unassigned codes from the server to 1002, so that a real 1002 cannot be told from a restart.
    case closed(code: UInt16?, reason: String)
}
