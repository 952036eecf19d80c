/// How long a client waits for a server at each step.
public struct Deadlines: Sendable {
    /// Resolving, connecting, TLS and the upgrade together.
    public var handshake: Duration = .seconds(15)
    /// The first event of a response over a new connection, on which the server may have to start something.
    public var firstEvent: Duration = .seconds(60)
    /// The first event over a socket that has carried a response: later than this the line is dead.
    public var promptEvent: Duration = .seconds(20)
    /// Between two events of a response, and over HTTP between two bytes.
    public var silence: Duration = .seconds(300)
    /// Between two events that tell of the response, where only signs of life come.
    public var standstill: Duration = .seconds(1200)
    /// A socket that is silent for so long is asked whether it lives, in whole seconds.
    public var pingAfter: Duration = .seconds(20)
    /// A socket on which neither an answer to that nor anything else comes for so long is dead, in whole seconds.
    public var hangUpAfter: Duration = .seconds(40)

    /// The usual deadlines.
    public init() {}
}
