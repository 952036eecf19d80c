import JSON
public import Responses
import Session
import Text
import Transport

/// The model behind a server: sends what the history has gained and gathers the response.
///
/// What to do when something goes wrong is the state machine's decision; this is the part that holds sockets. One
/// request is under way at a time.
public actor ModelClient: Model {
    /// How long to wait for the first event of a response: over a new socket, and over one that carried a response.
    private static let firstEventTimeout: Duration = .seconds(60)
    private static let promptEventTimeout: Duration = .seconds(20)
    /// How long to wait between events.
    private static let idleTimeout: Duration = .seconds(300)

    private let route: ModelServer
    private let profile: ProviderProfile
    private var encoder: RequestEncoder
    private var machine: ConnectionMachine
    private var socket: WebSocketConnection?
    private var socketOpened: ContinuousClock.Instant = .now
    private var opening: Task<WebSocketConnection, any Error>?
    /// How many items of the history the server has on the current chain.
    private var covered = 0
    /// Which of the window's histories that is.
    private var epoch = 0
    private var partial: Partial?

    /// What has come of a response so far.
    private struct Partial {
        var collector = ResponseCollector()
        var end: ResponseEnd?
        var last: ContinuousClock.Instant = .now
        /// Whether words of it have been handed out.
        var hasShownText = false
    }

    /// Prepares a client; nothing is opened yet.
    public init(
        route: ModelServer, parameters: RequestParameters, profile: ProviderProfile, usesSocket: Bool,
        limits: ConnectionMachine.Limits = .init()
    ) {
        self.route = route
        self.profile = profile
        encoder = RequestEncoder(parameters, profile: profile)
        machine = ConnectionMachine(usesSocket: usesSocket && profile.hasWebSocket, limits: limits)
        if usesSocket && profile.hasWebSocket { opening = Task { try await route.openSocket() } }
    }

    /// Asks for the next response to a history.
    ///
    /// - Throws: `ConnectionMachine.Failure` when the machine gives up, `CancellationError` when the task is
    ///   cancelled; the connection is closed then, which ends the response on the server too.
    public func respond(to window: Window, observer: ModelObserver) async throws -> ModelResponse {
        let start = ContinuousClock.now
        if window.epoch != epoch { machine.breakChain() }
        var action = machine.begin(socketAge: start - socketOpened)
        while true {
            try Task.checkCancellation()
            switch action {
            case .reopen:
                close()
                action = await open(observer)
            case .open:
                action = await open(observer)
            case .send(let previous):
                action = await exchangeOverSocket(window, continuing: previous, observer)
            case .sendHTTP:
                action = await exchangeOverHTTP(window, observer)
            case .wait(let duration):
                if duration > .zero { try await Task.sleep(for: duration) }
                action = machine.waited()
            case .finish:
                guard let partial, let end = partial.end else { throw CancellationError() }
                let items = partial.collector.items(at: end)
                (covered, epoch) = (window.items.count + items.count, window.epoch)
                return ModelResponse(end: end, items: items, lastEvent: partial.last, duration: partial.last - start)
            case .fail(let failure):
                guard case .parameter(let name) = failure.kind, encoder.drop(name) else { throw failure }
                observer.notice("the server refuses \(name); going on without it")
                action = machine.begin(socketAge: .zero)
            }
        }
    }

    /// Closes the connection.
    public func close() {
        opening?.cancel()
        opening = nil
        socket?.close(code: 1000, reason: "")
        socket = nil
    }

    private func open(_ observer: ModelObserver) async -> ConnectionMachine.Action {
        let route = route
        let task = opening ?? Task { try await route.openSocket() }
        opening = nil
        do {
            socket = try await withTaskCancellationHandler {
                try await task.value
            } onCancel: {
                task.cancel()
            }
            socketOpened = .now
            return machine.opened()
        } catch {
            return fail(error, overSocket: true, observer)
        }
    }

    private func exchangeOverSocket(
        _ window: Window, continuing previous: ResponseID?, _ observer: ModelObserver
    ) async -> ConnectionMachine.Action {
        guard let socket else { return machine.broken(.dropped("the connection is gone"), overSocket: true) }
        let items = previous == nil ? window.items[...] : window.items[covered...]
        let request = encoder.event(input: items, continuing: previous)
        partial = nil
        do {
            try socket.send(request)
            observer.sent("websocket", request.count, items.reduce(0) { $0 + $1.byteCount })
            partial = Partial()
            var timeout = machine.expectsPromptStart ? Self.promptEventTimeout : Self.firstEventTimeout
            while true {
                switch try await socket.receive(timeout: timeout) {
                case .message(let bytes, let time):
                    timeout = Self.idleTimeout
                    if let action = receive(bytes, at: time, overSocket: true, observer) { return action }
                case .closed(let code, let reason):
                    return fail(.closed(code, reason), overSocket: true, observer)
                }
            }
        } catch {
            return fail(error, overSocket: true, observer)
        }
    }

    private func exchangeOverHTTP(_ window: Window, _ observer: ModelObserver) async -> ConnectionMachine.Action {
        let items = window.items.compactMap(profile.replayed)
        let request = encoder.body(input: items)
        partial = nil
        do {
            let chunks = try await route.postStream(request)
            observer.sent("http", request.count, items.reduce(0) { $0 + $1.byteCount })
            partial = Partial()
            var parser = ServerSentEvents()
            for try await chunk in chunks {
                for event in try parser.feed(chunk) where !event.data.starts(with: Array("[DONE]".utf8)) {
                    if let action = receive(event.data, at: .now, overSocket: false, observer) { return action }
                }
            }
            throw TransportError(.closed, "the stream ended before the response did")
        } catch {
            return fail(error, overSocket: false, observer)
        }
    }

    /// Takes one event; returns what to do if it was the last.
    private func receive(
        _ bytes: [UInt8], at time: ContinuousClock.Instant, overSocket: Bool, _ observer: ModelObserver
    ) -> ConnectionMachine.Action? {
        let event: ServerEvent
        do throws(JSONError) { event = try ServerEvent(bytes) } catch {
            // The rest of this response would be taken for the next one's: the connection cannot be kept.
            return fail(
                TransportError(.closed, "the server sent an event that is \(error)"), overSocket: overSocket, observer)
        }
        partial?.collector.receive(event)
        partial?.last = time
        if case .textDelta = event { partial?.hasShownText = true }
        observer.event(event)
        switch event {
        case .ended(var end):
            end.outcome = route.told(end.outcome)
            partial?.end = end
            return noticing(machine.ended(end, overSocket: overSocket), end.failure, observer)
        case .failed(let error):
            return retry(error, overSocket, observer)
        default:
            return nil
        }
    }

    private func retry(
        _ error: ProviderError, _ overSocket: Bool, _ observer: ModelObserver
    ) -> ConnectionMachine.Action {
        let error = route.told(error)
        return noticing(machine.failed(error, overSocket: overSocket), error, observer)
    }

    private func fail(_ error: any Error, overSocket: Bool, _ observer: ModelObserver) -> ConnectionMachine.Action {
        let error = (error as? TransportError).map(route.told) ?? error
        return fail(ConnectionMachine.TransportFailure(error), overSocket: overSocket, observer)
    }

    private func fail(
        _ failure: ConnectionMachine.TransportFailure, overSocket: Bool, _ observer: ModelObserver
    ) -> ConnectionMachine.Action {
        if overSocket {
            socket?.close(code: 1000, reason: "")
            socket = nil
        }
        let failure = failure.told(by: route)
        return noticing(machine.broken(failure, overSocket: overSocket), failure.error, observer)
    }

    private func noticing(
        _ action: ConnectionMachine.Action, _ error: ProviderError?, _ observer: ModelObserver
    ) -> ConnectionMachine.Action {
        // Nothing is tried again after a cancellation, whatever it looked like to the transport.
        guard !Task.isCancelled else { return action }
        switch action {
        case .wait(let wait):
            // What is mended at once is nobody's business, unless words of the response have been shown.
            guard wait > .zero || partial?.hasShownText == true else { break }
            let pause = wait > .zero ? " in \(wait.spelled)" : ""
            observer.notice("\(error?.clause ?? "the request failed"); trying again\(pause)")
        case .sendHTTP:
            observer.notice("no WebSocket here (\(error?.clause ?? "refused")); going on over HTTP")
        default: break
        }
        return action
    }
}

extension ResponseEnd {
    fileprivate var failure: ProviderError? {
        if case .failed(let error) = outcome { error } else { nil }
    }
}
