import JSON
public import Responses
public import Session
import Transport

extension ModelClient {
    private static let longestRequest: Duration = .seconds(120)
    private static let longestCount: Duration = .seconds(10)
    /// How long a server may ask to wait before the second try.
    private static let longestPause: Duration = .seconds(20)

    /// The ways of the server, cheapest first.
    nonisolated public var compactionRoutes: [CompactionReport.Route] {
        profile == .openai ? [.trigger, .endpoint, .summary] : [.summary]
    }

    /// Asks `POST /responses/compact`, twice where that may help.
    public func compact(_ items: [Item]) async throws -> (items: [Item], usage: Usage?) {
        let body = encoder.compaction(of: items)
        var answer = try await route.post("/responses/compact", body, within: Self.longestRequest)
        if let error = answer.error, case .retry = error.remedy, error.shouldRetry != false {
            try await Task.sleep(for: min(error.retryAfter ?? .seconds(1), Self.longestPause))
            answer = try await route.post("/responses/compact", body, within: Self.longestRequest)
        }
        if let error = answer.error { throw ConnectionMachine.Failure(error) }
        let json = try? JSON(answer.body)
        return (json?["output"]?.elements.map { Item($0) } ?? [], json?["usage"].map { Usage($0) })
    }

    /// Asks `POST /responses/input_tokens`; a server that does not answer is not asked again.
    public func countTokens(of items: [Item]) async -> Int? {
        guard countsTokens, profile == .openai else { return nil }
        let body = encoder.count(of: items)
        // Whatever goes wrong, the estimate is good enough.
        let answer = try? await route.post("/responses/input_tokens", body, within: Self.longestCount)
        let count = answer.flatMap { try? JSON($0.body) }?["input_tokens"]?.int
        countsTokens = count != nil
        return count
    }
}

extension ConnectionMachine.Failure {
    /// An error of a request that is not tried again.
    init(_ error: ProviderError) {
        switch error.remedy {
        case .contextOverflow: self.init(kind: .contextOverflow, error: error)
        case .credentials: self.init(kind: .credentials, error: error)
        case .retry, .reconnect: self.init(kind: .temporary, error: error)
        case .dropParameter(let name): self.init(kind: .parameter(name), error: error)
        case .billing: self.init(kind: .billing, error: error)
        case .policy: self.init(kind: .policy, error: error)
        case .sendAll, .none: self.init(kind: .permanent, error: error)
        }
    }
}

extension ModelServer {
    /// What a server answered to a request that is not streamed.
    struct Answer: Sendable {
        /// The body.
        let body: [UInt8]
        /// Why there is none that can be used.
        let error: ProviderError?
    }

    /// Posts a request and reads the whole answer.
    ///
    /// - Throws: `TransportError` where there is none.
    func post(_ path: String, _ body: [UInt8], within limit: Duration) async throws(TransportError) -> Answer {
        var request = HTTPRequest("POST", endpoint.http(path: path), headers: headers, body: body)
        request.headers.append("Content-Type", "application/json")
        request.timeouts.total = limit
        let response: HTTPResponse
        do throws(TransportError) { response = try await http.request(request) } catch { throw told(error) }
        if (200..<300).contains(response.status) { return Answer(body: response.body, error: nil) }
        let error = ProviderError(status: response.status, body: response.body) { response.headers[$0] }
        return Answer(body: response.body, error: told(error))
    }
}
