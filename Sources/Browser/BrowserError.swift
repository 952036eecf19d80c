/// Why a step in the browser was not done.
public struct BrowserError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: Sendable, Equatable {
        /// There is no browser on this machine, or none that the sandbox lets run.
        case unavailable
        /// The browser has ended; a new one can be started.
        case ended
        /// The step is none that can be done: a key that is not known, a place outside of the page.
        case refused
        /// The browser or the page did not answer in time.
        case late
        /// The browser does not do it.
        case failed
        /// The task was cancelled.
        case interrupted
    }

    /// What kind of failure it is.
    public let code: Code
    /// What was tried, and what is wrong; holds no text of a page.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
