import Session

/// The tests of one report.
struct ReportResults {
    /// The tests with their outcomes, in order; names need not be unique.
    private(set) var cases: [TestCase] = []
    /// What failed, in order.
    private(set) var failures: [TestFailure] = []
    /// What the report counts as failed without naming a test, such as a package that does not compile.
    private(set) var unnamed: [TestFailure] = []
    /// How many tests were left out because there are too many.
    private(set) var omittedCount = 0

    /// The most tests of one report.
    static let caseLimit = 50_000

    /// Takes a test.
    mutating func add(_ name: String, _ outcome: TestCase.Outcome, failure: TestFailure? = nil) {
        guard cases.count < Self.caseLimit else {
            omittedCount += 1
            return
        }
        cases.append(TestCase(name: name, outcome: outcome))
        if let failure, failures.count < Findings.failureLimit { failures.append(failure) }
    }

    /// Takes a failure that belongs to no test.
    mutating func add(unnamed failure: TestFailure) {
        if unnamed.count < Findings.failureLimit { unnamed.append(failure) }
    }

    /// Leaves out failures of tests that only say that a part of theirs has failed.
    mutating func removeFailures(where isOther: (TestFailure) -> Bool) { failures.removeAll(where: isOther) }
}
