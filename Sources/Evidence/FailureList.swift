public import Session

/// The failures of a command as the model reads them: what, where and why, and a few lines of each that the output below
/// does not show.
public struct FailureList {
    private let tests: TestReport
    private let output: String

    /// The most failures that are told.
    private static let failureLimit = 20
    /// The most bytes of excerpts.
    private static let excerptLimit = 4096

    /// Takes what was read of a run.
    ///
    /// - Parameter output: The output that the model sees, in which most excerpts stand anyway.
    public init(_ tests: TestReport, besides output: String) {
        self.tests = tests
        self.output = output
    }

    /// The list with its heading and an empty line at its end; empty without failures.
    public var text: String {
        guard !tests.failures.isEmpty else { return "" }
        var room = Self.excerptLimit
        var text = "Failures:\n"
        for failure in tests.failures.prefix(Self.failureLimit) {
            text += "- \(failure.spelled)\n"
            let excerpt = failure.excerpt
            guard !excerpt.isEmpty, excerpt.utf8.count <= room, !output[...].holds(excerpt) else { continue }
            room -= excerpt.utf8.count
            for line in excerpt.split(separator: "\n", omittingEmptySubsequences: false) { text += "    \(line)\n" }
        }
        let left = tests.failures.count - Self.failureLimit
        return text + (left > 0 ? "- and \(left) more\n" : "") + "\n"
    }
}
