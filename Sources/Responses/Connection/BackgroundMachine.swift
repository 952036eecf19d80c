/// Decides how a response in the background is asked for and followed: a pure state machine.
///
/// A response costs money once. As soon as it has a name it is never asked for again while the server has it: when the
/// line drops it is followed from the last event that came, or looked up until it has ended (Responses API, "Background
/// mode").
public struct BackgroundMachine: Sendable {
    /// What to do next.
    public enum Action: Sendable, Equatable {
        /// Ask for a response, and take its events.
        case create
        /// Take the events of the response behind a number; all of them without one.
        case follow(ResponseID, after: Int?)
        /// Look up the response as a whole, then report `looked` or `ended`.
        case look(ResponseID)
        /// Wait, then report `waited`.
        case wait(Duration)
        /// The response has ended.
        case finish
        /// The server makes none in the background: ask for this one in the plain way.
        case leave(ProviderError)
        /// Give up.
        case fail(ConnectionMachine.Failure)
    }

    /// The pause between two looks.
    private static let lookPause: Duration = .seconds(2)

    private let limits: ConnectionMachine.Limits
    /// Decides about the request itself; only HTTP has a background.
    private var request: ConnectionMachine
    /// The response that is under way; nil before it has a name.
    public private(set) var response: ResponseID?
    private var cursor: Int?
    /// Whether the response was asked for by an earlier process: how it ended is not known.
    private var isEarlier = false
    /// Whether nothing of such a response has come yet.
    private var isTakenUp = false
    private var canFollow = true
    private var next = Action.create
    private var failures = 0
    private var timeWaited: Duration = .zero

    /// Starts without a response.
    public init(
        limits: ConnectionMachine.Limits = .init(),
        jitter: @escaping @Sendable () -> Double = { .random(in: 0.75...1) }
    ) {
        self.limits = limits
        request = ConnectionMachine(usesSocket: false, limits: limits, jitter: jitter)
    }

    /// Begins a response.
    ///
    /// - Parameter earlier: The one that an earlier process has asked for, to be taken up.
    public mutating func begin(takingUp earlier: ResponseID?) -> Action {
        _ = request.begin(socketAge: .zero)
        forget()
        guard let earlier else { return .create }
        (response, isEarlier, isTakenUp) = (earlier, true, true)
        return .follow(earlier, after: nil)
    }

    /// The response has a name; false if that is known already.
    public mutating func named(_ id: ResponseID) -> Bool {
        guard response == nil, !id.rawValue.isEmpty else { return false }
        response = id
        return true
    }

    /// An event of the response has come, with its number if it has one.
    public mutating func advanced(to sequence: Int?) {
        if let sequence { cursor = max(cursor ?? sequence, sequence) }
        (failures, timeWaited, isTakenUp) = (0, .zero, false)
    }

    /// What was looked up is still being made.
    public mutating func looked() -> Action {
        guard let response else { return .create }
        (failures, timeWaited, isTakenUp) = (0, .zero, false)
        return wait(Self.lookPause, then: .look(response))
    }

    /// The wait is over.
    public mutating func waited() -> Action { next }

    /// The response has ended: completed, incomplete or failed.
    public mutating func ended(_ end: ResponseEnd) -> Action {
        // Whoever ended the earlier process may have cancelled its response, too.
        if isEarlier, case .incomplete("cancelled") = end.outcome {
            forget()
            return .create
        }
        return ofRequest(request.ended(end, overSocket: false))
    }

    /// The server has failed the response.
    public mutating func failed(_ error: ProviderError) -> Action {
        ofRequest(request.failed(error, overSocket: false))
    }

    /// The line broke or was refused, on whatever was done last.
    public mutating func broken(_ failure: ConnectionMachine.TransportFailure) -> Action {
        guard let response else {
            if case .refused(let error) = failure, error.refusesBackground { return .leave(error) }
            return ofRequest(request.broken(failure, overSocket: false))
        }
        switch failure {
        case .refused(let error): return refused(error, for: response)
        case .dropped(let message), .turnedAway(let message):
            return again(ProviderError(message: message), for: response)
        case .untrusted(let message):
            return .fail(ConnectionMachine.Failure(kind: .untrusted, error: ProviderError(message: message)))
        }
    }

    private mutating func refused(_ error: ProviderError, for response: ResponseID) -> Action {
        switch error.status {
        case 404 where isTakenUp:
            // It was long ago: the server has forgotten it, and there is nothing left but to ask anew.
            forget()
            return .create
        case 404:
            // A server that takes the request and keeps nothing.
            return .leave(error)
        case 401, 403: return .fail(ConnectionMachine.Failure(kind: .credentials, error: error))
        case 400, 405, 422:
            guard canFollow else { return .fail(ConnectionMachine.Failure(kind: .permanent, error: error)) }
            canFollow = false
            return .look(response)
        default: return again(error, for: response)
        }
    }

    private mutating func again(_ error: ProviderError, for response: ResponseID) -> Action {
        failures += 1
        guard timeWaited < limits.longestOutage else {
            return .fail(ConnectionMachine.Failure(kind: .temporary, error: error))
        }
        let step: Action = canFollow ? .follow(response, after: cursor) : .look(response)
        // A line that was good may have been closed by anybody on the way.
        if failures == 1, error.retryAfter == nil { return step }
        let backoff = min(limits.firstWait * (1 << min(failures - 1, 20)), limits.longestWait)
        let pause = min(error.retryAfter ?? backoff, limits.longestHint)
        timeWaited += max(pause, limits.firstWait)
        return wait(pause, then: step)
    }

    /// Does what is decided about the request: another try is another response.
    private mutating func ofRequest(_ action: ConnectionMachine.Action) -> Action {
        switch action {
        case .finish: return .finish
        case .fail(let failure):
            if case .parameter(let name) = failure.kind, ["background", "store"].contains(name) {
                return .leave(failure.error)
            }
            guard isEarlier else { return .fail(failure) }
            forget()
            return .create
        case .wait(let pause):
            forget()
            return wait(pause, then: .create)
        case .open, .reopen, .send, .sendHTTP:
            forget()
            return .create
        }
    }

    private mutating func wait(_ pause: Duration, then action: Action) -> Action {
        next = action
        return .wait(pause)
    }

    private mutating func forget() {
        (response, cursor, isEarlier, isTakenUp, canFollow) = (nil, nil, false, false, true)
        (failures, timeWaited) = (0, .zero)
    }
}

extension ProviderError {
    /// Whether a server says that it makes no responses in the background, or keeps none.
    fileprivate var refusesBackground: Bool {
        guard let status, (400..<500).contains(status), ![401, 403, 408, 409, 429].contains(status) else {
            return false
        }
        return parameter == "background" || parameter == "store" || message.lowercased().contains("background")
    }
}
