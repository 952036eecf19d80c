import OS

/// Why a session cannot be found, read or written.
public struct SessionError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: String, Sendable {
        /// No session has that name, or the repository has none.
        case notFound
        /// The name fits several sessions.
        case ambiguous
        /// There is no place for sessions: no home folder, or one in which nothing can be made.
        case place
        /// The session's folder cannot be made, for want of room or because the disk fails.
        case folder
        /// The journal cannot be opened, read or written.
        case journal
        /// Somebody else is at work on the session.
        case inUse
    }

    /// What kind of failure it is.
    public let code: Code
    /// What was tried, on what, and why it failed; one line for a person.
    public let message: String
    /// What to do next.
    public let nextStep: String?
    /// The system's error number behind it (errno); nil where there is none.
    public let systemError: Int32?

    init(_ code: Code, _ message: String, nextStep: String? = nil, systemError: Int32? = nil) {
        self.code = code
        self.message = message
        self.nextStep = nextStep
        self.systemError = systemError
    }

    /// The message and the next step.
    public var description: String { message + (nextStep.map { "; \($0)" } ?? "") }

    /// A journal that cannot be written, with the system's error number.
    init(writing path: String, _ number: Int32) {
        self.init(
            .journal, "cannot write \(path): \(SystemError.text(number))",
            nextStep: "free some space, or point XDG_STATE_HOME elsewhere", systemError: number)
    }

    /// A journal that cannot be opened, with the system's error number.
    init(reading path: String, _ number: Int32) {
        self.init(.journal, "cannot open \(path): \(SystemError.text(number))", systemError: number)
    }
}
