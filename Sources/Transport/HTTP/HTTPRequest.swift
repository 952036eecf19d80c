/// A request over HTTP.
public struct HTTPRequest: Sendable {
    /// The time limits of a request.
    public struct Timeouts: Sendable {
        /// Resolving, connecting and TLS together.
        public var connect: Duration = .seconds(15)
        /// The longest pause without a byte in either direction, the wait for the first byte included.
        public var idle: Duration = .seconds(300)
        /// How long a peer that is gone without a word may go unnoticed, in whole seconds from 3 on; it holds for the
        /// connection, which later requests may use, too.
        public var lostPeer: Duration = .seconds(30)
        /// The whole request; nil for no limit.
        public var total: Duration?

        /// 15 s to connect, 300 s idle, no total.
        public init() {}
    }

    /// The method, such as `POST`.
    public var method: String
    /// The address.
    public var url: Endpoint
    /// The headers; libcurl adds Host, Accept and Content-Length.
    public var headers: HTTPHeaders
    /// The body; an empty one is sent only with POST, PUT and PATCH.
    public var body: [UInt8]
    /// The time limits.
    public var timeouts = Timeouts()
    /// The most bytes of a 2xx answer that is read whole.
    public var answerByteLimit = 256 << 20

    /// Makes a request with the default time limits.
    public init(_ method: String, _ url: Endpoint, headers: HTTPHeaders = [], body: [UInt8] = []) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }

    /// Refuses what would change the structure of the request.
    func validate() throws(TransportError) {
        guard url.scheme == .http || url.scheme == .https else {
            throw TransportError(.invalid, "\(url) is not an address for HTTP")
        }
        guard !method.isEmpty, method.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            throw TransportError(.invalid, "\(method.debugDescription) is not a method of HTTP")
        }
        try headers.validate()
    }
}
