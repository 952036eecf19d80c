import Session

/// What a reader has found so far, bounded and without duplicates.
struct Findings {
    /// The tests that were told by name, in order.
    private(set) var cases: [TestCase] = []
    /// The failures in the order in which they were first told.
    private(set) var failures: [TestFailure] = []
    /// How many tests there were, as a summary says; nil where none was seen.
    var tally: TestTally?

    private var caseIndices: [String: Int] = [:]
    private var failureIndices: [String: Int] = [:]

    /// The most failures that one reader keeps; the report keeps fewer, and drops those that two readers tell.
    static let failureLimit = 200
    /// The most bytes of a name.
    static let nameLimit = 400
    /// The most tests that one reader keeps.
    static let caseLimit = 50_000

    /// Whether nothing was found.
    var isEmpty: Bool { cases.isEmpty && failures.isEmpty && tally == nil }

    /// Takes what became of a test. The last outcome of a name counts, but that a test has failed stays.
    mutating func add(_ name: some StringProtocol, _ outcome: TestCase.Outcome) {
        let name = String(Substring(name).limited(to: Self.nameLimit))
        if let index = caseIndices[name] {
            if cases[index].outcome != .failed { cases[index].outcome = outcome }
        } else if cases.count < Self.caseLimit {
            caseIndices[name] = cases.count
            cases.append(TestCase(name: name, outcome: outcome))
        }
    }

    /// Takes a failure. What is told of one again, by its name, fills in what was not known of it.
    mutating func add(_ failure: TestFailure) {
        if let index = failureIndices[failure.name] {
            failures[index].fill(from: failure)
        } else if failures.count < Self.failureLimit {
            failureIndices[failure.name] = failures.count
            failures.append(failure)
        }
    }

    /// Whether a failure of that name was told.
    func hasFailure(_ name: some StringProtocol) -> Bool { failureIndices[String(name)] != nil }

    /// Adds a summary to those before it; runners that are started several times print one each.
    mutating func count(run: Int, failed: Int, skipped: Int) {
        let sum = tally ?? TestTally(run: 0, failed: 0)
        tally = TestTally(
            run: sum.run.adding(run), failed: sum.failed.adding(failed), skipped: sum.skipped.adding(skipped))
    }

    /// What was found, under the names of the tools that have told it; nil for nothing.
    func reading(of tools: [String]) -> TestReading? {
        guard !isEmpty else { return nil }
        var reading = reading()
        reading.formats = tools
        return reading
    }

    /// What was found as a reading, with a tally from the cases where no summary was seen.
    func reading(countingCases: Bool = true) -> TestReading {
        var tally = tally
        if tally == nil, countingCases, !cases.isEmpty {
            let skipped = cases.count { $0.outcome == .skipped }
            tally = TestTally(
                run: cases.count - skipped, failed: cases.count { $0.outcome == .failed }, skipped: skipped)
        }
        return TestReading(cases: cases, tally: tally, failures: failures)
    }
}

extension Int {
    /// The sum of two counts; numbers that a hostile output makes too large stay the largest.
    func adding(_ other: Int) -> Int {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? .max : sum
    }
}

extension TestFailure {
    /// Takes what is not known yet from another telling of the same failure.
    mutating func fill(from other: TestFailure) {
        if message.isEmpty { message = other.message }
        if file == nil { (file, line) = (other.file, other.line) }
        if line == nil, file == other.file { line = other.line }
        if excerpt.isEmpty { excerpt = other.excerpt }
    }
}
