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
        cases.append(TestCase(name: Self.line(name, limit: Self.nameLimit), outcome: outcome))
        if let failure, failures.count < Findings.failureLimit { failures.append(Self.bounded(failure)) }
    }

    /// Takes a failure that belongs to no test.
    mutating func add(unnamed failure: TestFailure) {
        if unnamed.count < Findings.failureLimit { unnamed.append(Self.bounded(failure)) }
    }

    /// The most bytes of a name, and of a message.
    private static let (nameLimit, messageLimit) = (1000, 400)

    /// A failure whose parts are one line each and of a limited length; attributes may hold anything.
    private static func bounded(_ failure: TestFailure) -> TestFailure {
        var bounded = failure
        bounded.name = line(failure.name, limit: nameLimit)
        bounded.message = line(failure.message, limit: messageLimit)
        bounded.file = failure.file.map { line($0, limit: nameLimit) }
        return bounded
    }

    private static func line(_ text: String, limit: Int) -> String {
        let limited = text[...].limited(to: limit)
        guard limited.utf8.contains(where: { $0 < 0x20 }) else { return String(limited) }
        return String(decoding: limited.utf8.map { $0 < 0x20 ? 0x20 : $0 }, as: UTF8.self)
    }
}
