/// A scenario or journal that cannot be played: what is wrong, and where.
public struct ScenarioError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Where in the file, `turns[2].items` for example.
    public let place: String
    /// What is wrong there, and what would be right.
    public let problem: String

    /// One line for a person.
    public var description: String { "\(place): \(problem)" }
}
