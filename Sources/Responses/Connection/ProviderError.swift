import JSON

/// An error of a server, read from any of the shapes that servers use.
public struct ProviderError: Error, Sendable, Equatable {
    /// The HTTP status, also of an error event on a socket.
    public var status: Int?
    /// The code, such as `rate_limit_exceeded`.
    public var code: String?
    /// The type, such as `invalid_request_error`.
    public var type: String?
    /// The server's message.
    public var message: String
    /// The parameter of the request that caused it.
    public var parameter: String?
    /// How long the server asks to wait.
    public var retryAfter: Duration?
    /// Whether the server wants the request again; nil if it does not say.
    public var shouldRetry: Bool?

    /// The server's message without its full stop, for use inside another sentence.
    public var clause: Substring { message.hasSuffix(".") ? message.dropLast() : message[...] }

    /// Makes an error that no server sent.
    public init(status: Int? = nil, code: String? = nil, message: String, retryAfter: Duration? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
    }

    /// Reads the body of a refused HTTP request, which may be JSON in several shapes, a page or plain text.
    ///
    /// - Parameter header: Returns a header by its name in lower case.
    public init(status: Int, body: [UInt8], header: (String) -> String? = { _ in nil }) {
        let refusal = RefusalBody(body)
        self.init(refusal.error, fallback: refusal.message)
        if message.isEmpty {
            message = "HTTP status \(status) without a message"
            if (300..<400).contains(status) { message = Self.redirection(status, to: header("location")) }
        }
        self.status = status
        if let headers = refusal.error?["headers"] { heed(RetryHints { Self.header($0, in: headers) }) }
        heed(RetryHints(header))
    }

    private static func redirection(_ status: Int, to place: String?) -> String {
        "it redirects (status \(status))\(place.map { " to \($0)" } ?? ""), and the key is not sent after a redirection; "
            + "set OPENAI_BASE_URL to the right address"
    }

    /// Reads an `error` event: nested as on the socket, flat as in a stream.
    init(event: JSON) {
        self.init(
            event["error"] ?? event["response"]?["error"] ?? event, fallback: String(event.rawText.prefix(500)))
        status = event["status"]?.int ?? event["status_code"]?.int ?? status
        for headers in [event["error"]?["headers"], event["headers"]].compactMap({ $0 }) {
            heed(RetryHints { name in Self.header(name, in: headers) })
        }
    }

    /// Reads the `error` member of a failed response.
    init(response: JSON?) {
        self.init(response?["error"], fallback: "the response failed without saying why")
    }

    private init(_ json: JSON?, fallback: String) {
        code = json?["code"]?.string ?? json?["code"]?.int.map(String.init)
        type = json?["type"]?.string
        parameter = json?["param"]?.string
        message = json.flatMap(RefusalBody.sentence) ?? fallback
        retryAfter = code == "rate_limit_exceeded" ? Self.delay(sentence: message) : nil
    }

    private mutating func heed(_ hints: RetryHints) {
        retryAfter = hints.wait ?? retryAfter
        shouldRetry = hints.shouldRetry ?? shouldRetry
    }

    /// A header among the members of an object, whose values may be numbers.
    private static func header(_ name: String, in headers: JSON) -> String? {
        headers.members.first { $0.key.lowercased() == name }
            .flatMap { $0.value.string ?? $0.value.double.map { "\($0)" } ?? $0.value.bool.map { "\($0)" } }
    }

    /// The delay in a sentence such as "Please try again in 1.2s" or "in 20ms".
    private static func delay(sentence: String) -> Duration? {
        guard let match = try? #/try again in (?<number>\d+(\.\d+)?)\s*(?<unit>ms|s)/#.firstMatch(in: sentence),
            let number = Double(match.number)
        else { return nil }
        return match.unit == "ms" ? .milliseconds(number) : .seconds(number)
    }
}
