/// A file that cannot be used: which one, which key and line, and what is expected.
public struct TOMLFileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The line for a person.
    public let description: String

    /// Makes an error of its line.
    public init(description: String) { self.description = description }
}
