public import Session

/// What became of one test, as a report or the output says.
public struct TestCase: Sendable, Hashable {
    /// How a test ended.
    public enum Outcome: String, Sendable { case passed, failed, skipped }

    /// The whole name, by which the same test is found in another run: `tests/test_a.py::TestB::test_c`.
    public var name: String
    /// How it ended.
    public var outcome: Outcome

    /// Names the parts.
    public init(name: String, outcome: Outcome) {
        self.name = name
        self.outcome = outcome
    }
}

/// What was read about the tests of one run: from its output, and from the report files that it wrote.
public struct TestReading: Sendable, Equatable {
    /// The tests that are told by name, in order; runners that print dots name only those that fail.
    public var cases: [TestCase]
    /// How many there were; nil where neither a summary nor the cases tell.
    public var tally: TestTally?
    /// What failed: tests, and also files that do not compile or that a linter refuses.
    public var failures: [TestFailure]
    /// The formats that were read, such as `pytest` or `junit`.
    public var formats: [String]
    /// Whether one of several tools does not tell all its tests by name, however many names the others have.
    var isPartial = false

    /// Names the parts.
    public init(
        cases: [TestCase] = [], tally: TestTally? = nil, failures: [TestFailure] = [], formats: [String] = []
    ) {
        self.cases = cases
        self.tally = tally
        self.failures = failures
        self.formats = formats
    }

    /// Whether each test that was counted is told by name, so that two runs can be compared name by name.
    public var namesAll: Bool {
        !isPartial && !cases.isEmpty && cases.count >= tally.map { $0.run.adding($0.skipped) } ?? .max
    }

    /// What of it is kept in the journal.
    public var report: TestReport { TestReport(tally: tally, failures: failures, formats: formats) }
}
