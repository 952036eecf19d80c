/// Why a connection or a request failed.
public struct TransportError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: Sendable, Hashable {
        /// The address, a header or an option is invalid; a retry does not help.
        case invalid
        /// There is no connection: the name is unknown, the port refuses, or there is no route.
        case connectFailed
        /// The proxy could not be used, or it refused.
        case proxy
        /// The TLS handshake failed or the certificate was not accepted.
        case tls
        /// A deadline passed.
        case timedOut
        /// The server answered with this HTTP status.
        case refused(status: Int)
        /// The connection ended before the answer did.
        case closed
        /// The peer violated the protocol or a size limit.
        case protocolError
        /// The calling task was cancelled.
        case cancelled
    }

    /// What kind of failure it is.
    public let code: Code
    /// What was tried, with whom, and why it failed; one line for a person.
    public let message: String
    /// What to do next.
    public let nextStep: String?
    /// The headers of a refusal, otherwise empty.
    ///
    /// Of a refused WebSocket handshake only those are kept that say when to come back, `x-request-id`,
    /// `www-authenticate`, `location` and `content-type`.
    public let headers: HTTPHeaders
    /// The body of a refusal over HTTP, otherwise empty.
    ///
    /// libwebsockets does not hand out the body of a refused handshake.
    public let body: [UInt8]
    /// The error behind it; nil where there is none.
    public let underlying: (any Error)?

    /// Makes an error.
    public init(
        _ code: Code, _ message: String, nextStep: String? = nil, headers: HTTPHeaders = [], body: [UInt8] = [],
        underlying: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.nextStep = nextStep
        self.headers = headers
        self.body = body
        self.underlying = underlying
    }

    /// The message and the next step.
    public var description: String { message + (nextStep.map { "; \($0)" } ?? "") }
}
