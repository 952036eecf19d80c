/// A simulator that cannot start: what was tried, and why it failed.
public struct ServerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// One line for a person.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
