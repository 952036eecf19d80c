public import Repository
import Session

/// Why a step of a review did not happen; everything is then as it was.
public struct ReviewError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: String, Sendable {
        /// What was named is not there, or more than one thing is meant.
        case usage
        /// It cannot be done as things are.
        case refused
        /// The change does not fit where it should go; `conflict` says where.
        case conflict
        /// Graft or the machine failed.
        case `internal`
    }

    /// What kind of failure it is.
    public let code: Code
    /// One line for a person: what was tried, on what, and what to do next.
    public let message: String
    /// The places that do not fit.
    public let conflict: SeriesConflict?

    /// Names the parts.
    public init(_ code: Code, _ message: String, conflict: SeriesConflict? = nil) {
        self.code = code
        self.message = message
        self.conflict = conflict
    }

    /// Reads any error as one of a review.
    public init(_ error: any Error) {
        switch error {
        case let error as ReviewError: self = error
        case let error as SessionError: self.init(.usage, error.description)
        case let error as RepositoryError: self.init(Self.code(of: error), error.message)
        default: self.init(.internal, "\(error)")
        }
    }

    /// The message for a person.
    public var description: String { message }

    private static func code(of error: RepositoryError) -> Code {
        switch error.code {
        case .notARepository, .bare, .ownedBySomeoneElse: .usage
        case .library, .system, .gitCommand: .internal
        default: .refused
        }
    }
}
