import Agent
import Configuration
import JSON
import Responses
import Session
import Text
import Transport

/// The jobs that are known, and the server that has them.
struct JobServer {
    /// How long the server may take for an answer.
    private static let patience: Duration = .seconds(15)
    /// The pause between two looks at a job that is waited for.
    private static let pause: Duration = .seconds(2)

    private let server: ModelServer
    private let environment: [String: String]

    /// Finds the server as a run would.
    init(environment: [String: String]) throws {
        self.environment = environment
        let settings = try Settings.own(flags: Settings(), environment: environment).completed()
        server = try ModelServer(settings: settings, environment: environment)
    }

    /// The newest jobs; all of them without a limit.
    func known(limit: Int? = nil) -> [KnownJob] {
        KnownJob.all(
            in: SessionStore(environment: environment), sessionLimit: limit == nil ? .max : 100, limit: limit ?? .max)
    }

    /// The response that a person means by an id or the start of one; one that no journal names is taken as it is.
    func response(_ text: String) throws -> ResponseID {
        let matches = known().map(\.response).filter { $0.rawValue.hasPrefix(text) }
        if matches.contains(ResponseID(text)) || matches.isEmpty { return ResponseID(text) }
        guard matches.count == 1 else {
            throw Refusal("\"\(text)\" may be \(matches.count) responses; say more of it")
        }
        return matches[0]
    }

    /// What the server says of a response.
    ///
    /// - Throws: `Refusal` for one that it does not have, `TransportError` where it cannot be asked.
    func look(at response: ResponseID) async throws -> StoredResponse {
        try await telling(response) { () async throws(TransportError) in
            try await server.response(response, within: Self.patience)
        }
    }

    /// Ends a response, and tells how it stands then.
    ///
    /// - Throws: As ``look(at:)``.
    func cancel(_ response: ResponseID) async throws -> StoredResponse {
        try await telling(response) { () async throws(TransportError) in
            try await server.cancel(response, within: Self.patience)
        }
    }

    /// Waits until a response has ended.
    ///
    /// - Throws: As ``look(at:)``, and `Refusal` when the time is up.
    func wait(for response: ResponseID, atMost limit: Duration?) async throws -> StoredResponse {
        let end = limit.map { ContinuousClock.now + $0 }
        while true {
            let stored = try await look(at: response)
            if stored.end != nil { return stored }
            if let end, ContinuousClock.now + Self.pause > end {
                throw Refusal(
                    "the response \(response) is still \(stored.status); wait longer (--timeout), or cancel it",
                    code: Verdict.temporary.exitCode)
            }
            try await Task.sleep(for: Self.pause)
        }
    }

    /// How jobs stand, in their order: the server's word, `gone` for one that it does not have, nil where it could not
    /// be asked.
    func states(of jobs: [KnownJob]) async -> (states: [String?], trouble: (any Error)?) {
        await withTaskGroup(of: (Int, Result<String, any Error>).self) { group in
            for (index, job) in jobs.enumerated() {
                group.addTask { (index, await state(of: job.response)) }
            }
            var states = [String?](repeating: nil, count: jobs.count)
            var trouble: (any Error)?
            for await (index, result) in group {
                switch result {
                case .success(let state): states[index] = state
                case .failure(let error): trouble = error
                }
            }
            return (states, trouble)
        }
    }

    private func state(of response: ResponseID) async -> Result<String, any Error> {
        do throws(TransportError) {
            return .success(try await server.response(response, within: Self.patience).status)
        } catch {
            if case .refused(status: 404) = error.code { return .success("gone") }
            return .failure(error)
        }
    }

    private func telling(
        _ response: ResponseID, _ ask: () async throws(TransportError) -> StoredResponse
    ) async throws -> StoredResponse {
        do throws(TransportError) { return try await ask() } catch {
            guard case .refused(let status) = error.code else { throw error }
            let answer = ProviderError(status: status, body: error.body)
            if status == 404 {
                throw Refusal(
                    "the server has no response \(response): \(answer.clause); graft jobs lists what is known")
            }
            throw Refusal("the server refuses to tell of \(response): \(answer.clause)", code: 1)
        }
    }
}
