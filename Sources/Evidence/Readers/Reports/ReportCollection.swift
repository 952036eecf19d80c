import Session

/// What several report files of one run tell together.
struct ReportCollection {
    private var cases: [TestCase] = []
    private var indices: [String: Int] = [:]
    private var failures: [TestFailure] = []
    private var failed: Set<String> = []
    private var formats: [String] = []
    /// What the reports count as failed without naming a test.
    private(set) var unnamed: [TestFailure] = []

    /// The most tests of all files.
    private static let caseLimit = 200_000

    /// Takes what was read of a file.
    ///
    /// Tests of one name in one file are different tests, such as those with different data, and get numbers. Those of
    /// one name in two files are one test that is told twice, as a summary tells it, or that was run again: that it has
    /// failed stays.
    mutating func add(_ results: ReportResults, format: String) {
        if !formats.contains(format) { formats.append(format) }
        var counts: [String: Int] = [:]
        var names: [String: String] = [:]
        for test in results.cases {
            let count = counts[test.name, default: 0] + 1
            counts[test.name] = count
            let name = count == 1 ? test.name : "\(test.name) #\(count)"
            if test.outcome == .failed, names[test.name] == nil { names[test.name] = name }
            if let index = indices[name] {
                cases[index].outcome = Self.worse(cases[index].outcome, test.outcome)
            } else if cases.count < Self.caseLimit {
                indices[name] = cases.count
                cases.append(TestCase(name: name, outcome: test.outcome))
            }
        }
        for var failure in results.failures {
            failure.name = names[failure.name] ?? failure.name
            if failed.insert(failure.name).inserted, failures.count < Findings.failureLimit {
                failures.append(failure)
            }
        }
        for failure in results.unnamed where unnamed.count < Findings.failureLimit { unnamed.append(failure) }
    }

    private static func worse(_ one: TestCase.Outcome, _ other: TestCase.Outcome) -> TestCase.Outcome {
        if one == .failed || other == .failed { return .failed }
        return one == .passed || other == .passed ? .passed : .skipped
    }

    /// The tests, and what failed of them; nil if no report was read.
    var reading: TestReading? {
        guard !formats.isEmpty else { return nil }
        let skipped = cases.count { $0.outcome == .skipped }
        let tally = TestTally(
            run: cases.count - skipped, failed: cases.count { $0.outcome == .failed }, skipped: skipped)
        return TestReading(
            cases: cases, tally: cases.isEmpty ? nil : tally, failures: Self.withoutParents(failures), formats: formats)
    }

    /// The failures without those of tests of which only a part has failed, as go tells them: `TestTable` and
    /// `TestTable/below_zero`.
    private static func withoutParents(_ failures: [TestFailure]) -> [TestFailure] {
        let names = Set(failures.map(\.name))
        var parents: Set<String> = []
        for name in names {
            var rest = name[...]
            while let (before, _) = rest.cutLast("/") {
                parents.insert(String(before))
                rest = before
            }
        }
        return failures.filter { !parents.contains($0.name) || $0.line != nil }
    }
}
