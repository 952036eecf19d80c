public import Responses
public import Session

/// Gives responses to a history: a server behind a client, or a script in a test.
public protocol Model: Sendable {
    /// Asks for the next response to a history.
    ///
    /// - Throws: `ConnectionMachine.Failure` when no response is to be had, `CancellationError` when the task is
    ///   cancelled.
    func respond(to window: Window, observer: ModelObserver) async throws -> ModelResponse

    /// The ways to have a history made shorter, cheapest first.
    var compactionRoutes: [CompactionReport.Route] { get }

    /// Has the server make the history of these items shorter, by its endpoint for that.
    ///
    /// - Returns: What is to take their place, and what it cost.
    /// - Throws: `ConnectionMachine.Failure` where the server refuses.
    func compact(_ items: [Item]) async throws -> (items: [Item], usage: Usage?)

    /// Has the server count the tokens of a history; nil where it does not.
    func countTokens(of items: [Item]) async -> Int?

    /// Forgets what the server has of the history: the next request carries all of it.
    func breakChain() async

    /// Answers with another effort and verbosity from the next request on.
    func adopt(_ style: ResponseStyle) async

    /// Ends the connection, if there is one.
    func close() async
}

extension Model {
    /// None.
    public var compactionRoutes: [CompactionReport.Route] { [] }

    /// Refused.
    public func compact(_ items: [Item]) async throws -> (items: [Item], usage: Usage?) {
        throw ConnectionMachine.Failure(
            kind: .permanent, error: ProviderError(message: "there is no endpoint for compactions"))
    }

    /// Not counted.
    public func countTokens(of items: [Item]) async -> Int? { nil }

    /// There is nothing to forget.
    public func breakChain() async {}
}

/// A whole response of the model.
public struct ModelResponse: Sendable {
    /// How it ended, with its id and cost.
    public let end: ResponseEnd
    /// Its items in order, as they came.
    public let items: [Item]
    /// When its last event arrived.
    public let lastEvent: ContinuousClock.Instant
    /// From the request to the last event.
    public let duration: Duration

    /// Makes a response that has ended.
    public init(end: ResponseEnd, items: [Item], lastEvent: ContinuousClock.Instant, duration: Duration) {
        self.end = end
        self.items = items
        self.lastEvent = lastEvent
        self.duration = duration
    }
}

/// Is told of what happens while a response comes.
public struct ModelObserver: Sendable {
    /// A request has gone out.
    public var sent: @Sendable (_ transport: String, _ byteCount: Int, _ itemByteCount: Int) -> Void
    /// An event has come.
    public var event: @Sendable (ServerEvent) -> Void
    /// A response that is made in the background has a name, or one more item.
    public var background: @Sendable (_ response: ResponseID, _ sequence: Int?) -> Void
    /// Something went wrong that will be tried again, in a sentence.
    public var notice: @Sendable (String) -> Void

    /// Takes what to call for each.
    public init(
        sent: @escaping @Sendable (_ transport: String, _ byteCount: Int, _ itemByteCount: Int) -> Void,
        event: @escaping @Sendable (ServerEvent) -> Void, notice: @escaping @Sendable (String) -> Void,
        background: @escaping @Sendable (_ response: ResponseID, _ sequence: Int?) -> Void = { _, _ in }
    ) {
        self.sent = sent
        self.event = event
        self.notice = notice
        self.background = background
    }
}
