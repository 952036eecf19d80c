import JSON
import Responses
import Session
import Text
import Transport

/// A model whose responses are made in the background: a dropped line or a dead process costs none of them.
///
/// What to do is the state machine's decision; this is the part that holds the connection. A server that has no
/// background is asked in the plain way from then on.
actor BackgroundModel: Model {
    /// How long the server may take to be told of a cancellation, and to be looked at.
    private static let cancelLimit: Duration = .seconds(3)
    private static let lookLimit: Duration = .seconds(60)

    private let route: ModelServer
    private let profile: ProviderProfile
    private let plain: @Sendable (_ mayUseSocket: Bool) -> any Model
    private let deadlines: Deadlines
    private var encoder: RequestEncoder
    private var machine: BackgroundMachine
    private var earlier: ResponseID?
    private var style: ResponseStyle?
    /// Answers in the plain way, where the server has no background.
    private var fallback: (any Model)?
    /// Asks what is no response: it needs no background.
    private var plainModel: (any Model)?
    private var collector = ResponseCollector()
    private var end: ResponseEnd?
    private var last = ContinuousClock.now

    /// - Parameters:
    ///   - parameters: Those of a plain request; storage is set here.
    ///   - earlier: A response that an earlier process has asked for: the answer to the first request.
    ///   - plain: Makes the model for a server without background.
    init(
        route: ModelServer, parameters: RequestParameters, profile: ProviderProfile, takingUp earlier: ResponseID?,
        limits: ConnectionMachine.Limits = .init(), deadlines: Deadlines = .init(),
        plain: @escaping @Sendable (_ mayUseSocket: Bool) -> any Model
    ) {
        var parameters = parameters
        parameters.storage = .background
        self.route = route
        self.profile = profile
        self.plain = plain
        self.deadlines = deadlines
        self.earlier = earlier
        encoder = RequestEncoder(parameters, profile: profile)
        machine = BackgroundMachine(limits: limits)
    }

    func respond(to window: Window, observer: ModelObserver) async throws -> ModelResponse {
        if let fallback { return try await fallback.respond(to: window, observer: observer) }
        do { return try await follow(window, observer) } catch {
            // Nobody waits for it any more, and it costs money as long as it goes on.
            if Task.isCancelled, let response = machine.response { await cancel(response) }
            throw error
        }
    }

    func adopt(_ style: ResponseStyle) async {
        self.style = style
        encoder.adopt(style)
        await fallback?.adopt(style)
    }

    nonisolated var compactionRoutes: [CompactionReport.Route] {
        profile == .openai ? [.trigger, .endpoint, .summary] : [.summary]
    }

    func compact(_ items: [Item]) async throws -> (items: [Item], usage: Usage?) {
        try await besides().compact(items)
    }

    func countTokens(of items: [Item]) async -> Int? { await besides().countTokens(of: items) }

    func breakChain() async { await fallback?.breakChain() }

    func close() async {
        await fallback?.close()
        await plainModel?.close()
    }

    private func besides() -> any Model {
        if let model = fallback ?? plainModel { return model }
        let new = plain(false)
        plainModel = new
        return new
    }

    private func follow(_ window: Window, _ observer: ModelObserver) async throws -> ModelResponse {
        let start = ContinuousClock.now
        var action = machine.begin(takingUp: earlier)
        if let earlier {
            observer.notice("taking up the response \(earlier), which was asked for before")
            observer.background(earlier, nil)
        }
        earlier = nil
        forget()
        while true {
            try Task.checkCancellation()
            switch action {
            case .create: action = await create(window, observer)
            case .follow(let response, let sequence):
                if sequence == nil { forget() }
                action = await take(observer) { [deadlines] route throws(TransportError) in
                    try await route.follow(response, after: sequence, deadlines)
                }
            case .look(let response): action = await look(response, observer)
            case .wait(let pause):
                if pause > .zero { try await Task.sleep(for: pause) }
                action = machine.waited()
            case .finish: return try finished(since: start)
            case .leave(let error):
                observer.notice("the server makes no responses in the background (\(error.clause)); going on without")
                let model = plain(true)
                if let style { await model.adopt(style) }
                fallback = model
                return try await model.respond(to: window, observer: observer)
            case .fail(let failure):
                guard case .parameter(let name) = failure.kind, encoder.drop(name) else { throw failure }
                observer.notice("the server refuses \(name) (\(failure.error.clause)); going on without it")
                action = machine.begin(takingUp: nil)
            }
        }
    }

    private func create(_ window: Window, _ observer: ModelObserver) async -> BackgroundMachine.Action {
        let items = window.items.compactMap(profile.replayed)
        let request = encoder.body(input: items, adding: window.toolItems)
        forget()
        return await take(observer) { [deadlines] route throws(TransportError) in
            let stream = try await route.postStream(request, deadlines)
            observer.sent("http", request.count, items.reduce(0) { $0 + $1.byteCount })
            return stream
        }
    }

    /// Takes the events of a stream until the response has ended, or the stream has.
    private func take(
        _ observer: ModelObserver, of stream: @Sendable (ModelServer) async throws(TransportError) -> HTTPBody
    ) async -> BackgroundMachine.Action {
        do {
            var parser = ServerSentEvents()
            for try await chunk in try await stream(route) {
                for event in try parser.feed(chunk) where !event.data.starts(with: Array("[DONE]".utf8)) {
                    let json: JSON
                    do throws(JSONError) { json = try JSON(event.data) } catch {
                        throw TransportError(.closed, "the server sent an event that is \(error)")
                    }
                    if let action = receive(json, observer) { return action }
                }
            }
            throw TransportError(.closed, "the stream ended before the response did")
        } catch {
            return fail(error, observer)
        }
    }

    /// Takes one event; returns what to do if it was the last.
    private func receive(_ json: JSON, _ observer: ModelObserver) -> BackgroundMachine.Action? {
        let event = ServerEvent(json)
        let sequence = json["sequence_number"]?.int
        switch collector.receive(event) {
        case .own: break
        case .stray: return nil
        case .wrong(let clause): return fail(TransportError(.closed, clause), observer)
        }
        last = .now
        if let id = json["response"]?["id"]?.string.map(ResponseID.init), machine.named(id) {
            observer.background(id, nil)
        }
        machine.advanced(to: sequence)
        observer.event(event)
        switch event {
        case .itemDone:
            if let response = machine.response, let sequence { observer.background(response, sequence) }
            return nil
        case .ended(let end): return ended(end, observer)
        case .failed(let error):
            let error = route.told(error)
            return noticing(machine.failed(error), error, observer)
        default: return nil
        }
    }

    private func look(_ response: ResponseID, _ observer: ModelObserver) async -> BackgroundMachine.Action {
        do throws(TransportError) {
            let stored = try await route.response(response, within: Self.lookLimit)
            last = .now
            return stored.end.map { ended($0, observer) } ?? machine.looked()
        } catch {
            return fail(error, observer)
        }
    }

    private func ended(_ end: ResponseEnd, _ observer: ModelObserver) -> BackgroundMachine.Action {
        var end = end
        end.outcome = route.told(end.outcome)
        self.end = end
        let action = machine.ended(end)
        guard case .failed(let error) = end.outcome else { return action }
        return noticing(action, error, observer)
    }

    private func finished(since start: ContinuousClock.Instant) throws -> ModelResponse {
        guard let end else { throw CancellationError() }
        if case .incomplete("cancelled") = end.outcome {
            let message = "the response \(end.id) was cancelled on the server"
            throw ConnectionMachine.Failure(kind: .permanent, error: ProviderError(message: message))
        }
        return ModelResponse(end: end, items: collector.items(at: end), lastEvent: last, duration: last - start)
    }

    private func forget() { (collector, end) = (ResponseCollector(), nil) }

    private func cancel(_ response: ResponseID) async {
        let route = route
        // This task is cancelled, and a request of its own would be, too. What is not cancelled ends by itself.
        await Task { _ = try? await route.cancel(response, within: Self.cancelLimit) }.value
    }

    private func fail(_ error: any Error, _ observer: ModelObserver) -> BackgroundMachine.Action {
        let failure = ConnectionMachine.TransportFailure((error as? TransportError).map(route.told) ?? error)
            .told(by: route)
        return noticing(machine.broken(failure), failure.error, observer)
    }

    private func noticing(
        _ action: BackgroundMachine.Action, _ error: ProviderError, _ observer: ModelObserver
    ) -> BackgroundMachine.Action {
        // Nothing is tried again after a cancellation, whatever it looked like to the transport.
        guard !Task.isCancelled, case .wait(let pause) = action, pause > .zero else { return action }
        let what = machine.response == nil ? "trying again" : "looking for the response again"
        observer.notice("\(error.clause); \(what) in \(pause.spelled)")
        return action
    }
}
