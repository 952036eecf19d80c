import Glibc

/// The lines around what a run prints while it works, by which the log of a CI system folds it.
struct LogFold: Sendable {
    /// The line before it.
    let begin: String
    /// The line behind it.
    let end: String

    private static let title = "What Graft does"

    /// Looks for a system that folds logs; nil where there is none.
    ///
    /// - Parameter seconds: The time, since 1970.
    init?(environment: [String: String], seconds: Int = time(nil)) {
        if environment["GITHUB_ACTIONS"] == "true" {
            begin = "::group::\(Self.title)\n"
            end = "::endgroup::\n"
        } else if environment["GITLAB_CI"] == "true" {
            begin = "\u{1B}[0Ksection_start:\(seconds):graft[collapsed=true]\r\u{1B}[0K\(Self.title)\n"
            end = "\u{1B}[0Ksection_end:\(seconds):graft\r\u{1B}[0K\n"
        } else {
            return nil
        }
    }
}
