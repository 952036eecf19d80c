/// Decides how a request gets to the server and what happens when it does not: a pure state machine.
///
/// The owner of the sockets does what the returned action says and reports how that went. One request is under way
/// at a time. After any failure the next attempt carries the whole history on a fresh chain, which is safe because
/// nothing is stored on the server and tools run on this side only after a response has ended.
public struct ConnectionMachine: Sendable {
    /// What to do next.
    public enum Action: Sendable, Equatable {
        /// Open the socket, then report `opened` or `openFailed`.
        case open
        /// Close the socket if one is open, then go on with `open`.
        case reopen
        /// Send over the socket: what is new if there is a response to continue, everything otherwise.
        case send(continuing: ResponseID?)
        /// Send everything over HTTP.
        case sendHTTP
        /// Wait, then report `waited`.
        case wait(Duration)
        /// The response has ended; its items may join the history.
        case finish
        /// Give up.
        case fail(Failure)
    }

    /// Why a request was given up, as a person and an exit code see it.
    public struct Failure: Error, Sendable, Equatable {
        /// What kind of failure it is.
        public let kind: Kind
        /// The server's or the transport's words.
        public let error: ProviderError

        /// Kinds that call for different next steps.
        public enum Kind: Sendable {
            /// The key is missing, wrong or not allowed.
            case credentials
            /// The conversation is too long for the model.
            case contextOverflow
            /// A parameter is refused that may be left out.
            case parameter(String)
            /// The same request may work later.
            case temporary
            /// The certificate or the protocol is wrong.
            case untrusted
            /// The same request will not work.
            case permanent
        }

        /// Pairs a kind with its reason.
        public init(kind: Kind, error: ProviderError) {
            self.kind = kind
            self.error = error
        }

        /// Two failures are equal if the server's words are.
        public static func == (left: Failure, right: Failure) -> Bool { left.error == right.error }
    }

    /// How a transport failed, in the words that matter here.
    public enum TransportFailure: Sendable, Equatable {
        /// The handshake was answered with an HTTP status.
        case refused(ProviderError)
        /// No connection, or it broke.
        case dropped(String)
        /// The certificate or the protocol is wrong; trying again does not help.
        case untrusted(String)
    }

    /// Limits of patience.
    public struct Limits: Sendable {
        /// How often one request is tried again.
        public var retries = 5
        /// The first wait; each later one is twice as long.
        public var firstWait: Duration = .milliseconds(200)
        /// The longest wait, also where a server asks for more.
        public var longestWait: Duration = .seconds(60)
        /// The age at which a socket is replaced between turns; servers close it at 60 minutes.
        public var rotationAge: Duration = .seconds(55 * 60)
        /// How many requests go over HTTP after the socket kept failing, before it is tried again.
        public var requestsBeforeSocketAgain = 8

        /// The usual limits.
        public init() {}
    }

    private let limits: Limits
    private var socketIsUsable: Bool
    private var isOpen = false
    private var chain: ResponseID?
    private var failures = 0
    private var socketFailures = 0
    private var httpRequestsLeft = 0

    /// Starts without a connection; `usesSocket` is false where only HTTP is wanted.
    public init(usesSocket: Bool, limits: Limits = Limits()) {
        socketIsUsable = usesSocket
        self.limits = limits
    }

    /// A new request is to be made over a socket of this age.
    public mutating func begin(socketAge: Duration) -> Action {
        failures = 0
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

    /// The socket is open.
    public mutating func opened() -> Action {
        isOpen = true
        chain = nil
        return .send(continuing: nil)
    }

    /// The transport failed, before or during a response.
    public mutating func broken(_ failure: TransportFailure, overSocket: Bool) -> Action {
        if overSocket { lose() }
        switch failure {
        case .refused(let error):
            // 404, 405 and 426 say that there is no WebSocket here (Responses API, "Connecting").
            if overSocket, let status = error.status, [404, 405, 426].contains(status) {
                socketIsUsable = false
                return .sendHTTP
            }
            return recover(from: error, overSocket: overSocket)
        case .untrusted(let message):
            return .fail(Failure(kind: .untrusted, error: ProviderError(message: message)))
        case .dropped(let message):
            if overSocket {
                socketFailures += 1
                if socketFailures > 2, failures + 1 < limits.retries {
                    httpRequestsLeft = limits.requestsBeforeSocketAgain
                }
            }
            return retry(ProviderError(message: message), kind: .temporary)
        }
    }

    /// The response ended, well or not.
    public mutating func ended(_ end: ResponseEnd, overSocket: Bool) -> Action {
        if case .failed(let error) = end.outcome { return recover(from: error, overSocket: overSocket) }
        failures = 0
        if overSocket {
            socketFailures = 0
            chain = end.id.rawValue.isEmpty ? nil : end.id
        } else {
            chain = nil
        }
        return .finish
    }

    /// The server refused the request or gave it up.
    public mutating func failed(_ error: ProviderError, overSocket: Bool) -> Action {
        recover(from: error, overSocket: overSocket)
    }

    /// The wait is over.
    public mutating func waited() -> Action {
        guard socketIsUsable, httpRequestsLeft == 0 else { return .sendHTTP }
        return isOpen ? .send(continuing: chain) : .open
    }

    /// The history was rewritten: the next request must carry all of it.
    public mutating func breakChain() {
        chain = nil
    }

    private mutating func recover(from error: ProviderError, overSocket: Bool) -> Action {
        // A failed continuation evicts its parent: never name it again.
        chain = nil
        switch error.remedy {
        case .sendAll: return retry(error, kind: .permanent, wait: .zero)
        case .reconnect:
            lose()
            return retry(error, kind: .temporary, wait: .zero)
        case .retry: return retry(error, kind: .temporary)
        case .credentials: return .fail(Failure(kind: .credentials, error: error))
        case .contextOverflow: return .fail(Failure(kind: .contextOverflow, error: error))
        case .dropParameter(let name): return .fail(Failure(kind: .parameter(name), error: error))
        case .none: return .fail(Failure(kind: .permanent, error: error))
        }
    }

    private mutating func retry(_ error: ProviderError, kind: Failure.Kind, wait: Duration? = nil) -> Action {
        failures += 1
        guard failures <= limits.retries else { return .fail(Failure(kind: kind, error: error)) }
        let backoff = limits.firstWait * (1 << (failures - 1))
        return .wait(wait ?? min(error.retryAfter ?? backoff, limits.longestWait))
    }

    private mutating func lose() {
        isOpen = false
        chain = nil
    }
}
