public import Configuration
import Evidence
import JSON
import Responses
import Session
import Text
public import Transport

/// The way to a server: its address, the key, and what is needed to trust it.
public struct ModelServer: Sendable {
    /// The base URL, such as `https://api.openai.com/v1`.
    public let endpoint: Endpoint
    /// The proxy to it that the environment names, if any.
    public let proxy: ProxySetting?
    private let key: String?
    private let trust: TLSTrust
    let http: HTTPClient
    private let mask: SecretMask

    /// Names a server; the environment says which proxy and certificates to use.
    ///
    /// - Parameter secrets: What else it must not tell anybody, with the name that is shown instead.
    /// - Throws: `TransportError` for an address that cannot be used.
    public init(
        baseURL: String, key: String?, environment: [String: String], secrets: [(name: String, value: String)] = []
    ) throws(TransportError) {
        endpoint = try Endpoint(baseURL)
        self.key = key
        trust = TLSTrust(environment: environment)
        proxy = ProxySetting.select(for: endpoint, environment: environment)
        http = HTTPClient(trust: trust, proxy: proxy)
        let passwords = proxy?.secrets.map { (name: "proxy password", value: $0) } ?? []
        mask = SecretMask([(name: "API key", value: key ?? "")] + passwords + secrets)
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
        let secrets = settings.secretVariables.sorted().compactMap { name in environment[name].map { (name, $0) } }
        try self.init(
            baseURL: settings.baseURL ?? "https://api.openai.com/v1", key: key, environment: environment,
            secrets: secrets)
    }

    /// The server of the settings; where there is no key, one that nothing may be asked of, and why.
    static func withOrWithoutKey(
        settings: Settings, environment: [String: String]
    ) throws -> (server: ModelServer, missingKey: RunEnding?) {
        do { return (try ModelServer(settings: settings, environment: environment), nil) } catch let ending as RunEnding
        {
            guard ending.verdict == .credentials else { throw ending }
            let base = settings.baseURL ?? "https://api.openai.com/v1"
            return (try ModelServer(baseURL: base, key: nil, environment: environment), ending)
        }
    }

    /// Opens a socket in WebSocket mode.
    ///
    /// - Throws: Why no connection came about.
    public func openSocket(_ deadlines: Deadlines = Deadlines()) async throws(TransportError) -> WebSocketConnection {
        do throws(TransportError) {
            var options = WebSocketOptions(
                trust: trust,
                proxy: try proxy.map { setting throws(TransportError) in
                    try Proxy(setting)
                })
            options.handshakeTimeout = deadlines.handshake
            options.pingAfter = deadlines.pingAfter
            options.hangUpAfter = deadlines.hangUpAfter
            return try await WebSocketConnection.connect(
                to: endpoint.webSocket(path: "/responses"), headers: headers, options: options)
        } catch {
            throw told(error)
        }
    }

    /// Posts a request and hands out its stream; a status other than 2xx throws `.refused`.
    func postStream(_ body: [UInt8], _ deadlines: Deadlines) async throws(TransportError) -> HTTPBody {
        var headers = headers
        headers.append("Content-Type", "application/json")
        headers.append("Accept", "text/event-stream")
        var request = HTTPRequest("POST", endpoint.http(path: "/responses"), headers: headers, body: body)
        request.timeouts.connect = deadlines.handshake
        request.timeouts.idle = deadlines.silence
        do throws(TransportError) { return try await http.stream(request).body } catch { throw told(error) }
    }

    /// Counts the models that the server lists, which is the cheapest question that needs the key.
    ///
    /// - Throws: `TransportError`, or `ConnectionMachine.Failure` where the server answers with an error.
    public func countModels() async throws -> Int {
        let response: HTTPResponse
        do throws(TransportError) {
            response = try await http.request(HTTPRequest("GET", endpoint.http(path: "/models"), headers: headers))
        } catch { throw told(error) }
        guard (200..<300).contains(response.status) else {
            let error = told(ProviderError(status: response.status, body: response.body))
            throw ConnectionMachine.Failure(kind: .permanent, error: error)
        }
        return (try? JSON(response.body))?["data"]?.elements.reduce(0) { count, _ in count + 1 } ?? 0
    }

    /// The error as anybody may read it: the secrets that the server or the proxy has echoed are masked, and the proxy
    /// is named.
    func told(_ error: TransportError) -> TransportError {
        guard error.code != .cancelled, error.code != .invalid else { return error }
        let (message, step) = (mask.masked(error.message), error.nextStep.map(mask.masked))
        return TransportError(
            error.code, namingProxy(message), nextStep: step, headers: error.headers, body: error.body,
            underlying: error.underlying)
    }

    /// As above; of a status that the proxy may have sent itself.
    func told(_ error: ProviderError) -> ProviderError {
        var error = error
        error.message = mask.masked(error.message)
        error.code = error.code.map(mask.masked)
        error.type = error.type.map(mask.masked)
        error.parameter = error.parameter.map(mask.masked)
        if [407, 502, 503, 504].contains(error.status) { error.message = namingProxy(String(error.clause)) }
        return error
    }

    /// As above; other endings have nothing to tell.
    func told(_ outcome: ResponseEnd.Outcome) -> ResponseEnd.Outcome {
        switch outcome {
        case .completed: .completed
        case .incomplete(let reason): .incomplete(reason: mask.masked(reason))
        case .failed(let error): .failed(told(error))
        }
    }

    private func namingProxy(_ message: String) -> String {
        guard let name = proxy?.description, !message.contains(name) else { return message }
        return "\(message), through the proxy \(name)"
    }

    var headers: HTTPHeaders {
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
        // A proxy that carries no WebSocket carries none the next time.
        case .proxy: self = .turnedAway(error.description)
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

    /// The failure without the secrets of the way to a server.
    func told(by route: ModelServer) -> Self {
        func told(_ message: String) -> String { route.told(ProviderError(message: message)).message }
        return switch self {
        case .refused(let error): .refused(route.told(error))
        case .dropped(let message): .dropped(told(message))
        case .turnedAway(let message): .turnedAway(told(message))
        case .untrusted(let message): .untrusted(told(message))
        }
    }

    /// The failure as an error with a sentence.
    var error: ProviderError {
        switch self {
        case .refused(let error): error
        case .dropped(let message), .turnedAway(let message), .untrusted(let message): ProviderError(message: message)
        }
    }
}
