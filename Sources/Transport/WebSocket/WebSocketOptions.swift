/// How a WebSocket is opened and monitored.
public struct WebSocketOptions: Sendable {
    /// Which certificate authorities are trusted.
    public var trust: TLSTrust
    /// The proxy to go through, if any; see `ProxySetting`.
    public var proxy: Proxy?
    /// The time limit of resolving, connecting, TLS and the upgrade together.
    public var handshakeTimeout: Duration = .seconds(15)
    /// The idle time after which a ping is sent, in whole seconds.
    public var pingAfter: Duration = .seconds(20)
    /// The idle time, without a pong either, after which the peer is considered dead, in whole seconds.
    public var hangUpAfter: Duration = .seconds(40)
    /// The most bytes of an incoming message; a larger one is refused with close code 1009.
    public var messageByteLimit = 256 << 20

    /// Makes options; by default with the system's certificate authorities and no proxy.
    public init(trust: TLSTrust = TLSTrust(), proxy: Proxy? = nil) {
        self.trust = trust
        self.proxy = proxy
    }
}
