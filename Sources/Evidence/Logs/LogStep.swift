/// A step of a CI job that has failed, as its log tells.
struct LogStep: Equatable {
    /// Whose log it is, such as `GitHub Actions`.
    var system: String
    /// What ran, as a shell line; nil where the log does not show it, or it is no shell that runs it.
    var command: String?
    /// How it ended, such as `exit code 1`.
    var ending: String
    /// What it has printed.
    var output: [String]
    /// Why the command may not be the whole one; nil where it is.
    var doubt: String?
}

/// Finds the steps that have failed in the logs of one CI system.
protocol LogStepFinder {
    /// The failed steps, in order.
    ///
    /// - Parameter lines: The lines without what the system puts in front, but with its markers.
    static func failedSteps(in lines: [String]) -> [LogStep]
}

extension String {
    /// The number behind a text, as in `exit code 2.`; nil without both.
    func number(after text: String) -> Int? {
        self[...].cut(text)?.after.trimmed.leadingNumber?.number
    }
}
