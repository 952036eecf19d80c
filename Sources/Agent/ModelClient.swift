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
    let route: ModelServer
    let profile: ProviderProfile
    private(set) var encoder: RequestEncoder
    /// Whether the server may count tokens.
    var countsTokens = true
    private var machine: ConnectionMachine
    private let deadlines: Deadlines
    private var socket: WebSocketConnection?
    private var socketOpened: ContinuousClock.Instant = .now
    /// The responses that have ended on the socket.
    private var past: [ResponseID] = []
    private var opening: SocketOpening?
    /// How many items of the history the server has on the current chain.
    private var covered = 0
    /// Which of the window's histories that is.
    private var epoch = 0
    private var partial: Partial?
    /// Whether the server has given two calls one id, which it may have by accident once.
    private var doublesCalls = false

    /// What has come of a response so far.
    private struct Partial {
        var collector: ResponseCollector
        var end: ResponseEnd?
        var last: ContinuousClock.Instant = .now
        /// Whether words of it have been handed out.
        var hasShownText = false
    }

    /// Prepares a client, and begins to open its socket if that is not under way.
    ///
    /// - Parameters:
    ///   - preconnection: A socket that is being opened already.
    ///   - warmsUp: Whether the server is to prepare for the first request as soon as the socket is open.
    public init(
        route: ModelServer, parameters: RequestParameters, profile: ProviderProfile, usesSocket: Bool,
        limits: ConnectionMachine.Limits = .init(), deadlines: Deadlines = .init(),
        preconnection: Preconnection? = nil, warmsUp: Bool = false
    ) {
        self.route = route
        self.profile = profile
        self.deadlines = deadlines
        encoder = RequestEncoder(parameters, profile: profile)
        machine = ConnectionMachine(usesSocket: usesSocket && profile.hasWebSocket, limits: limits)
        guard usesSocket && profile.hasWebSocket else { return }
        let opening = preconnection?.take() ?? SocketOpening(route, deadlines: deadlines)
        self.opening =
            warmsUp ? SocketOpening(opening, warmingUpWith: encoder.warmUp, deadlines: deadlines) : opening
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
            case .reopen, .open:
                closeSocket()
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
                observer.notice("the server refuses \(name) (\(failure.error.clause)); going on without it")
                action = machine.begin(socketAge: .zero)
            }
        }
    }

    /// Forgets what the server has of the history: the next request carries all of it.
    public func breakChain() {
        machine.breakChain()
        (covered, epoch) = (0, -1)
    }

    /// Sends another effort and verbosity from the next request on.
    public func adopt(_ style: ResponseStyle) { encoder.adopt(style) }

    /// Closes the connection.
    public func close() {
        opening?.cancel()
        opening = nil
        closeSocket()
    }

    private func closeSocket() {
        socket?.close(code: 1000, reason: "")
        socket = nil
    }

    private func open(_ observer: ModelObserver) async -> ConnectionMachine.Action {
        let opening = opening ?? SocketOpening(route, deadlines: deadlines)
        self.opening = nil
        let start = ContinuousClock.now
        do {
            let opened = try await opening.value()
            (socket, socketOpened, past) = (opened.socket, opened.time, opened.warm.map { [$0] } ?? [])
            // The server has the tools, and nothing of the history.
            if opened.warm != nil { covered = 0 }
            return machine.opened(warm: opened.warm)
        } catch {
            return fail(error, overSocket: true, observer, lost: .now - start)
        }
    }

    private func exchangeOverSocket(
        _ window: Window, continuing previous: ResponseID?, _ observer: ModelObserver
    ) async -> ConnectionMachine.Action {
        guard let socket else { return machine.broken(.dropped("the connection is gone"), overSocket: true) }
        let items = previous == nil ? window.items[...] : window.items[covered...]
        let request = encoder.event(input: items, continuing: previous, adding: window.toolItems)
        partial = nil
        let start = ContinuousClock.now
        do {
            try socket.send(request)
            observer.sent("websocket", request.count, items.reduce(0) { $0 + $1.byteCount })
            partial = Partial(collector: ResponseCollector(after: past, toleratesDoubles: doublesCalls))
            var watch = SilenceWatch(
                start: start, first: machine.expectsPromptStart ? deadlines.promptEvent : deadlines.firstEvent,
                deadlines)
            while true {
                switch try await socket.receive(timeout: try watch.patience(at: .now)) {
                case .message(let bytes, let time):
                    switch receive(bytes, at: time, overSocket: true, observer) {
                    case .own(let isProgress): watch.heard(at: time, isProgress: isProgress)
                    case .stray: break
                    case .last(let action): return action
                    }
                case .closed(let code, let reason):
                    return fail(.closed(code, reason), overSocket: true, observer, lost: lost(since: start))
                }
            }
        } catch {
            return fail(error, overSocket: true, observer, lost: lost(since: start))
        }
    }

    private func exchangeOverHTTP(_ window: Window, _ observer: ModelObserver) async -> ConnectionMachine.Action {
        let items = window.items.compactMap(profile.replayed)
        let request = encoder.body(input: items, adding: window.toolItems)
        partial = nil
        let start = ContinuousClock.now
        do {
            let chunks = try await route.postStream(request, deadlines)
            observer.sent("http", request.count, items.reduce(0) { $0 + $1.byteCount })
            partial = Partial(collector: ResponseCollector(toleratesDoubles: doublesCalls))
            var parser = ServerSentEvents()
            var plain = PlainAnswer()
            var watch = SilenceWatch(start: start, first: deadlines.silence, deadlines)
            for try await chunk in chunks {
                plain.feed(chunk)
                for event in try parser.feed(chunk) where !event.data.starts(with: Array("[DONE]".utf8)) {
                    switch receive(event.data, at: .now, overSocket: false, observer) {
                    case .own(let isProgress): watch.heard(at: .now, isProgress: isProgress)
                    case .stray: break
                    case .last(let action): return action
                    }
                }
                // Comments and unknown events keep a line open on which nothing happens.
                watch.heard(at: .now, isProgress: false)
                _ = try watch.patience(at: .now)
            }
            if let event = plain.event, case .last(let action) = take(event, at: .now, overSocket: false, observer) {
                return action
            }
            throw TransportError(.closed, "the stream ended before the response did")
        } catch {
            return fail(error, overSocket: false, observer, lost: lost(since: start))
        }
    }

    /// What an event means for the request.
    private enum Reception {
        /// It belongs to the response; one of an unknown type says only that the server is there.
        case own(isProgress: Bool)
        /// It is of another response.
        case stray
        /// It was the last.
        case last(ConnectionMachine.Action)
    }

    /// Takes one event.
    private func receive(
        _ bytes: [UInt8], at time: ContinuousClock.Instant, overSocket: Bool, _ observer: ModelObserver
    ) -> Reception {
        let event: ServerEvent
        do throws(JSONError) { event = try ServerEvent(bytes) } catch {
            return broken("the server sent an event that is \(error)", overSocket, observer)
        }
        return take(event, at: time, overSocket: overSocket, observer)
    }

    private func take(
        _ event: ServerEvent, at time: ContinuousClock.Instant, overSocket: Bool, _ observer: ModelObserver
    ) -> Reception {
        switch partial?.collector.receive(event) {
        case .own: break
        case .stray, nil: return .stray
        case .wrong(let reason):
            if partial?.collector.hasDoubledCalls == true { doublesCalls = true }
            return broken("the server's events contradict each other: \(reason)", overSocket, observer)
        }
        partial?.last = time
        if case .textDelta = event { partial?.hasShownText = true }
        observer.event(event)
        switch event {
        case .ended(var end):
            end.outcome = route.told(end.outcome)
            partial?.end = end
            if overSocket, let id = partial?.collector.id { past = past.suffix(Self.remembered) + [id] }
            return .last(noticing(machine.ended(end, overSocket: overSocket), end.failure, observer))
        case .failed(let error):
            return .last(retry(error, overSocket, observer))
        case .other:
            return .own(isProgress: false)
        default:
            return .own(isProgress: true)
        }
    }

    /// How many of the responses that have ended on a socket are known by their ids.
    private static let remembered = 8

    /// The rest of the response would be taken for the next one's: the connection cannot be kept.
    private func broken(_ reason: String, _ overSocket: Bool, _ observer: ModelObserver) -> Reception {
        .last(fail(TransportError(.closed, reason), overSocket: overSocket, observer))
    }

    /// How long an attempt took that led to no sign of a response.
    private func lost(since start: ContinuousClock.Instant) -> Duration {
        partial?.collector.id == nil ? .now - start : .zero
    }

    private func retry(
        _ error: ProviderError, _ overSocket: Bool, _ observer: ModelObserver
    ) -> ConnectionMachine.Action {
        let error = route.told(error)
        return noticing(machine.failed(error, overSocket: overSocket), error, observer)
    }

    private func fail(
        _ error: any Error, overSocket: Bool, _ observer: ModelObserver, lost: Duration = .zero
    ) -> ConnectionMachine.Action {
        let error = (error as? TransportError).map(route.told) ?? error
        return fail(ConnectionMachine.TransportFailure(error), overSocket: overSocket, observer, lost: lost)
    }

    private func fail(
        _ failure: ConnectionMachine.TransportFailure, overSocket: Bool, _ observer: ModelObserver, lost: Duration
    ) -> ConnectionMachine.Action {
        if overSocket { closeSocket() }
        let failure = failure.told(by: route)
        return noticing(machine.broken(failure, overSocket: overSocket, lost: lost), failure.error, observer)
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
        // Over HTTP a key fares no better.
        case .sendHTTP where error?.status != 401:
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
