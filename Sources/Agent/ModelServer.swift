public import Configuration
import Evidence
import JSON
import Responses
import Session
public import Transport

/// The way to a server: its address, the key, and what is needed to trust it.
public struct ModelServer: Sendable {
    /// The base URL, such as `https://api.openai.com/v1`.
    public let endpoint: Endpoint
    private let key: String?
    private let options: WebSocketOptions
    private let http: HTTPClient

    /// Names a server; the environment says which proxy and certificates to use.
    ///
    /// - Throws: `TransportError` for an address that cannot be used.
    public init(baseURL: String, key: String?, environment: [String: String]) throws(TransportError) {
        endpoint = try Endpoint(baseURL)
        self.key = key
        let trust = TLSTrust(environment: environment)
        options = WebSocketOptions(
            trust: trust, proxy: try Proxy.select(for: endpoint.webSocket(path: "/responses"), environment: environment)
        )
        http = HTTPClient(trust: trust)
    }

    /// Names the server of the settings, with the key of the environment.
    ///
    /// - Throws: `RunEnding` with the verdict `credentials` where a key is needed and missing.
    public init(settings: Settings, environment: [String: String]) throws {
        let key = environment["OPENAI_API_KEY"].flatMap { $0.isEmpty ? nil : $0 }
        guard key != nil || settings.provider == .compatible else {
            throw RunEnding(.credentials, "there is no API key; set OPENAI_API_KEY")
        }
        if let key, key.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) {
            throw RunEnding(.credentials, "OPENAI_API_KEY has a space or a line break in it; set it to the key alone")
        }
        try self.init(
            baseURL: settings.baseURL ?? "https://api.openai.com/v1", key: key, environment: environment)
    }

    /// Opens a socket in WebSocket mode.
    ///
    /// - Throws: Why no connection came about.
    public func openSocket() async throws(TransportError) -> WebSocketConnection {
        try await WebSocketConnection.connect(
            to: endpoint.webSocket(path: "/responses"), headers: headers, options: options)
    }

    /// Posts a request and hands out its stream; a status other than 2xx throws `.refused`.
    func postStream(_ body: [UInt8]) async throws(TransportError) -> HTTPBody {
        var headers = headers
        headers.append("Content-Type", "application/json")
        headers.append("Accept", "text/event-stream")
        let request = HTTPRequest("POST", endpoint.http(path: "/responses"), headers: headers, body: body)
        return try await http.stream(request).body
    }

    /// Counts the models that the server lists, which is the cheapest question that needs the key.
    ///
    /// - Throws: `TransportError`, or `ConnectionMachine.Failure` where the server answers with an error.
    public func countModels() async throws -> Int {
        let response = try await http.request(HTTPRequest("GET", endpoint.http(path: "/models"), headers: headers))
        guard (200..<300).contains(response.status) else {
            throw ConnectionMachine.Failure(
                kind: .permanent, error: ProviderError(status: response.status, body: response.body))
        }
        return (try? JSON(response.body))?["data"]?.elements.reduce(0) { count, _ in count + 1 } ?? 0
    }

    private var headers: HTTPHeaders {
        var headers: HTTPHeaders = ["User-Agent": "graft"]
        if let key { headers.append("Authorization", "Bearer \(key)") }
        return headers
    }
}

extension ConnectionMachine.TransportFailure {
    /// Reads a transport's error in the machine's words.
    init(_ error: any Error) {
        guard let error = error as? TransportError else {
            self = .dropped("\(error)")
            return
        }
        switch error.code {
        case .refused(let status):
            self = .refused(ProviderError(status: status, body: error.body) { error.headers[$0] })
        case .tls, .invalid: self = .untrusted(error.description)
        default: self = .dropped(error.description)
        }
    }

    /// Reads the close frame of a socket; nil if it ended without one.
    static func closed(_ code: UInt16?, _ reason: String) -> Self {
        let detail = [code.map { "code \($0)" } ?? "without a code", reason].filter { !$0.isEmpty }
        let message = "the server closed the connection (\(detail.joined(separator: ", ")))"
        // Protocol error, unacceptable or invalid data, policy, size, a missing extension.
        return [1002, 1003, 1007, 1008, 1009, 1010].contains(code) ? .turnedAway(message) : .dropped(message)
    }

    /// The failure as an error with a sentence.
    var error: ProviderError {
        switch self {
        case .refused(let error): error
        case .dropped(let message), .turnedAway(let message), .untrusted(let message): ProviderError(message: message)
        }
    }
}
