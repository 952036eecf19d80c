/// A text that is not JSON: what was expected, and where.
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What the parser expected to find.
    public let expected: String
    /// Where it did not find it, in bytes from the start.
    public let offset: Int

    /// One line for a person.
    public var description: String { "not JSON: expected \(expected) at byte \(offset)" }
}
