/// The id of a response, by which the next request continues it.
public struct ResponseID: Hashable, Sendable, CustomStringConvertible {
    /// The id as received.
    public let rawValue: String

    /// Wraps an id.
    public init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    /// The id itself.
    public var description: String { rawValue }
}
