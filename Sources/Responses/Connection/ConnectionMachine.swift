/// Decides how a request is sent, and what follows a failure: a pure state machine.
///
/// The owner of the sockets performs the returned action and reports the result. One request is under way at a time.
/// After any failure the next attempt carries the whole history on a new chain, which is safe because nothing is
/// stored on the server and tools run only after a response has ended.
public struct ConnectionMachine: Sendable {
    /// What to do next.
    public enum Action: Sendable, Equatable {
        /// Open the socket, then report `opened` or `openFailed`.
        case open
        /// Close the socket if one is open, then do as for `open`.
        case reopen
        /// Send over the socket: only the new items if there is a response to continue, else the whole history.
        case send(continuing: ResponseID?)
        /// Send the whole history over HTTP.
        case sendHTTP
        /// Wait, then report `waited`.
        case wait(Duration)
        /// The response has ended; its items may join the history.
        case finish
        /// Give up.
        case fail(Failure)
    }

    /// Why a request was given up.
    public struct Failure: Error, Sendable, Equatable {
        /// What kind of failure it is.
        public let kind: Kind
        /// The error of the server or the transport.
        public let error: ProviderError

        /// The kinds of failure, by what to do next.
        public enum Kind: Sendable {
            /// The key is missing, wrong or not allowed.
            case credentials
            /// The conversation is too long for the model.
            case contextOverflow
            /// The server refuses an optional parameter.
            case parameter(String)
            /// The same request may work later.
            case temporary
            /// The certificate or the protocol is invalid.
            case untrusted
            /// The account does not pay for the request.
            case billing
            /// A policy of the provider forbids the request.
            case policy
            /// The same request will fail again.
            case permanent
        }

        /// Makes a failure of a kind.
        public init(kind: Kind, error: ProviderError) {
            self.kind = kind
            self.error = error
        }

        /// Compares the errors alone.
        public static func == (left: Failure, right: Failure) -> Bool { left.error == right.error }
    }

    /// How a transport failed.
    public enum TransportFailure: Sendable, Equatable {
        /// The server answered the handshake with an HTTP status.
        case refused(ProviderError)
        /// There is no connection, or it broke.
        case dropped(String)
        /// The peer closed the socket with a code that says that the next one fares no better (RFC 6455, 7.4.1).
        case turnedAway(String)
        /// The certificate or the protocol is invalid; a retry does not help.
        case untrusted(String)
    }

    /// How often and how long a request is retried.
    public struct Limits: Sendable {
        /// How often one request is retried before any has succeeded.
        public var retries = 5
        /// The first wait; each later one is twice as long.
        public var firstWait: Duration = .milliseconds(200)
        /// The longest wait where the server does not say how long.
        public var longestWait: Duration = .seconds(30)
        /// The longest wait that a server may ask for before any request has succeeded.
        public var longestHint: Duration = .seconds(120)
        /// How much time one request may lose in all to waits and to attempts that led to no response: an outage of the
        /// network.
        public var longestOutage: Duration = .seconds(600)
        /// The age at which a socket is replaced between turns; servers close it at 60 minutes.
        public var rotationAge: Duration = .seconds(55 * 60)
        /// How many requests go over HTTP after repeated failures of the socket, before it is tried again.
        public var requestsBeforeSocketAgain = 8

        /// The usual limits.
        public init() {}
    }

    private let limits: Limits
    /// The part of a wait that is waited, so that many clients do not come back at once.
    private let jitter: @Sendable () -> Double
    private var socketIsUsable: Bool
    private var isOpen = false
    /// Whether the open socket has carried a response.
    private var isProven = false
    private var chain: ResponseID?
    private var hasSucceeded = false
    private var failures = 0
    /// What the request has lost to waits and to attempts that led to nothing.
    private var timeLost: Duration = .zero
    private var socketFailures = 0
    private var httpRequestsLeft = 0

    /// Starts without a connection; `usesSocket` is false for HTTP only.
    public init(
        usesSocket: Bool, limits: Limits = Limits(),
        jitter: @escaping @Sendable () -> Double = { .random(in: 0.75...1) }
    ) {
        socketIsUsable = usesSocket
        self.limits = limits
        self.jitter = jitter
    }

    /// Whether the open socket has carried a response: then the next one begins soon, or the line is dead.
    public var expectsPromptStart: Bool { isOpen && isProven }

    /// Begins a request; the socket, if one is open, has this age.
    public mutating func begin(socketAge: Duration) -> Action {
        (failures, timeLost) = (0, .zero)
        guard socketIsUsable else { return .sendHTTP }
        if httpRequestsLeft > 0 {
            httpRequestsLeft -= 1
            return .sendHTTP
        }
        if isOpen, socketAge > limits.rotationAge {
            lose()
            return .reopen
        }
        return isOpen ? .send(continuing: chain) : .open
    }

    /// The socket is open; it may have carried a request that only warmed the server up.
    public mutating func opened(warm: ResponseID? = nil) -> Action {
        (isOpen, isProven) = (true, warm != nil)
        chain = warm
        return .send(continuing: warm)
    }

    /// The transport failed, before or during a response.
    ///
    /// - Parameter lost: How long the attempt took without a sign of a response.
    public mutating func broken(
        _ failure: TransportFailure, overSocket: Bool, lost: Duration = .zero
    ) -> Action {
        let wasProven = overSocket && isProven
        if overSocket { lose() }
        timeLost += lost
        switch failure {
        case .refused(let error):
            if overSocket, let action = refusedUpgrade(error) { return action }
            return recover(from: error, overSocket: overSocket)
        case .untrusted(let message):
            return .fail(Failure(kind: .untrusted, error: ProviderError(message: message)))
        case .turnedAway(let message):
            if overSocket { httpRequestsLeft = limits.requestsBeforeSocketAgain }
            return retry(ProviderError(message: message), kind: .temporary, wait: overSocket ? .zero : nil)
        case .dropped(let message):
            if overSocket { countSocketFailure() }
            // A socket that was good may have been closed while it was idle.
            return retry(
                ProviderError(message: message), kind: .temporary, wait: wasProven && failures == 0 ? .zero : nil)
        }
    }

    /// The response ended: completed, incomplete or failed.
    public mutating func ended(_ end: ResponseEnd, overSocket: Bool) -> Action {
        if case .failed(let error) = end.outcome { return recover(from: error, overSocket: overSocket) }
        (failures, timeLost) = (0, .zero)
        hasSucceeded = true
        if overSocket {
            socketFailures = 0
            isProven = true
            chain = end.id.rawValue.isEmpty ? nil : end.id
        } else {
            chain = nil
        }
        return .finish
    }

    /// The request failed on the server.
    ///
    /// - Parameter lost: How long the attempt took without a sign of a response.
    public mutating func failed(_ error: ProviderError, overSocket: Bool, lost: Duration = .zero) -> Action {
        timeLost += lost
        // Whether a response still comes on that socket is not known, and the next one must not be mixed with it.
        if overSocket, error.remedy == .retry { lose() }
        return recover(from: error, overSocket: overSocket)
    }

    /// The wait is over.
    public mutating func waited() -> Action {
        guard socketIsUsable, httpRequestsLeft == 0 else { return .sendHTTP }
        return isOpen ? .send(continuing: chain) : .open
    }

    /// The history was replaced: the next request carries all of it.
    public mutating func breakChain() {
        chain = nil
    }

    /// What follows a handshake that was answered with a status; nil where it is as with any request.
    private mutating func refusedUpgrade(_ error: ProviderError) -> Action? {
        guard let status = error.status else { return nil }
        // These mean that the server has no WebSocket mode (Responses API, "Connecting").
        if [404, 405, 426, 501].contains(status) {
            socketIsUsable = false
            return .sendHTTP
        }
        let isBusy = status == 408 || status >= 500 || (status == 429 && error.retryAfter != nil)
        guard isBusy else {
            // The answer to a handshake comes without its body: over HTTP the server says why, or does not mind.
            httpRequestsLeft = limits.requestsBeforeSocketAgain
            return .sendHTTP
        }
        if status >= 500 { countSocketFailure() }
        return nil
    }

    private mutating func countSocketFailure() {
        socketFailures += 1
        if socketFailures > 2 { httpRequestsLeft = limits.requestsBeforeSocketAgain }
    }

    private mutating func recover(from error: ProviderError, overSocket: Bool) -> Action {
        // A failed continuation evicts its parent, which must not be named again.
        chain = nil
        if error.shouldRetry == false, case .retry = error.remedy {
            return .fail(Failure(kind: .temporary, error: error))
        }
        switch error.remedy {
        case .sendAll: return retry(error, kind: .permanent, wait: .zero)
        case .reconnect:
            lose()
            countSocketFailure()
            return retry(error, kind: .temporary, wait: .zero)
        case .retry: return retry(error, kind: .temporary)
        case .credentials: return .fail(Failure(kind: .credentials, error: error))
        case .contextOverflow: return .fail(Failure(kind: .contextOverflow, error: error))
        case .dropParameter(let name): return .fail(Failure(kind: .parameter(name), error: error))
        case .billing: return .fail(Failure(kind: .billing, error: error))
        case .policy: return .fail(Failure(kind: .policy, error: error))
        case .none: return .fail(Failure(kind: .permanent, error: error))
        }
    }

    private mutating func retry(_ error: ProviderError, kind: Failure.Kind, wait: Duration? = nil) -> Action {
        failures += 1
        let isExhausted = timeLost >= limits.longestOutage || (!hasSucceeded && failures > limits.retries)
        // What is tried again at once does not use the time up.
        let isHopeless = wait == .zero && failures > limits.retries
        guard !isExhausted, !isHopeless else { return .fail(Failure(kind: kind, error: error)) }
        let pause = wait ?? error.retryAfter ?? backoff
        // What has worked before is worth a longer wait.
        let longest = hasSucceeded ? limits.longestOutage - timeLost : limits.longestHint
        guard pause <= max(longest, limits.longestWait) else {
            return .fail(Failure(kind: .temporary, error: error))
        }
        timeLost += pause
        return .wait(pause)
    }

    private var backoff: Duration {
        let doublings = min(failures - 1, 20)
        return min(limits.firstWait * (1 << doublings), limits.longestWait) * jitter()
    }

    private mutating func lose() {
        (isOpen, isProven) = (false, false)
        chain = nil
    }
}
