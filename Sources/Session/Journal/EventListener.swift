/// Somebody who is told of the events of a run beside the journal: a view, the reader of `--json`.
///
/// Each listener has a thread of its own and a queue, so that one that is slow or stuck holds up neither the run nor
/// the others. What does not fit into the queue is left out for this listener; it gets `eventsMissed` before the next
/// event, and the result is never left out.
public struct EventListener: Sendable {
    /// How much may wait for a listener.
    public struct Limits: Sendable {
        /// How many events.
        public var eventCount: Int
        /// How many bytes of their lines and texts.
        public var byteCount: Int

        /// Sets both limits.
        public init(eventCount: Int, byteCount: Int) {
            self.eventCount = eventCount
            self.byteCount = byteCount
        }

        /// A long run's whole journal has some megabytes: a reader that is further behind does not read. Words that
        /// stream come in pieces of a few bytes, of which the count keeps the memory bounded.
        public static let standard = Limits(eventCount: 1 << 16, byteCount: 16 << 20)
    }

    let takesDeltas: Bool
    let limits: Limits
    let receive: @Sendable (RunEvent, _ line: [UInt8]?) -> Void

    /// Says who is told.
    ///
    /// - Parameters:
    ///   - takesDeltas: Whether it wants what streams, which has no line.
    ///   - receive: Gets one event after the other, with its line where it is kept; may block.
    public init(
        takesDeltas: Bool = true, limits: Limits = .standard,
        _ receive: @escaping @Sendable (RunEvent, _ line: [UInt8]?) -> Void
    ) {
        self.takesDeltas = takesDeltas
        self.limits = limits
        self.receive = receive
    }
}
