/// How a WebSocket is opened and watched.
public struct WebSocketOptions: Sendable {
    /// Which certificate authorities are believed.
    public var trust: TLSTrust
    /// The proxy to go through, if any; see `Proxy.select(for:environment:)`.
    public var proxy: Proxy?
    /// How long resolving, connecting, TLS and the upgrade may take together.
    public var handshakeTimeout: Duration = .seconds(15)
    /// How long nothing may arrive before a ping is sent, in whole seconds.
    public var pingAfter: Duration = .seconds(20)
    /// How long nothing, not even a pong, may arrive before the peer counts as dead, in whole seconds.
    public var hangUpAfter: Duration = .seconds(40)
    /// The size at which an incoming message is refused with close code 1009.
    public var messageByteLimit = 256 << 20

    /// Options with the system's certificate authorities and no proxy, unless given.
    public init(trust: TLSTrust = TLSTrust(), proxy: Proxy? = nil) {
        self.trust = trust
        self.proxy = proxy
    }
}
