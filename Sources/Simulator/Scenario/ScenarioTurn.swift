public import JSON
import Responses

extension Scenario {
    /// One turn of the model.
    public struct Turn: Sendable {
        /// What the request that leads to this turn must look like.
        public var expectation: Expectation?
        /// The model's output items as their author wrote them; the simulator fills in what is missing.
        public var items: [JSON] = []
        /// The usage to report, verbatim; an estimate when nil.
        public var usage: JSON?
        /// Milliseconds between `response.in_progress` and what follows, or before an error.
        public var delayMilliseconds = 0
        /// Milliseconds between the beginning of each item and what follows of it.
        public var itemDelayMilliseconds = 0
        /// The size of text deltas in bytes; chosen by the length of the text when nil.
        public var deltaBytes: Int?
        /// How a response that is not completed ends.
        public var incompleteReason: String?
        /// The fault before the turn plays.
        public var fault: Fault?
        /// How often the fault happens before the turn plays on.
        public var faultTimes = 1
        /// How server-sent events are written.
        public var eventLines: Set<EventLines> = []
        /// Events that go out verbatim: instead of generated ones if there are no items, else ahead of the items.
        public var rawEvents: [JSON] = []

        /// Makes a turn that says these items.
        public init(items: [JSON] = []) {
            self.items = items
        }

        /// Whether the turn only fails: once its fault is used up, the next turn is played instead.
        var isOnlyFault: Bool { fault != nil && items.isEmpty && rawEvents.isEmpty }
    }

    /// A fault of a turn.
    public struct Fault: Sendable {
        /// The request is refused with this error.
        public var error: ScriptedError?
        /// The response starts and ends in `response.failed` with the error's code and message.
        public var fails = false
        /// The connection is cut after so many events; 0 cuts it before the first one.
        public var dropAfterEvents: Int?
        /// The close code of the WebSocket; without one a connection that is cut just ends.
        public var closeCode: UInt16?
        /// Text that is sent where an event belongs, after `response.in_progress`.
        public var rawText: String?
        /// What happens to events on their way.
        public var wire: [WireFault] = []
        /// The bytes that are the whole answer to an HTTP request, its head included; the connection ends with them.
        public var httpAnswer: [UInt8]?
    }

    /// An error as a scenario writes it.
    public struct ScriptedError: Sendable {
        /// The HTTP status.
        public var status: Int
        /// The error's code.
        public var code: String?
        /// The error's type.
        public var type: String
        /// The error's message.
        public var message: String
        /// The parameter that the error names.
        public var param: String?
        /// Response headers, `retry-after` for example.
        public var headers: [String: String]
    }
}
