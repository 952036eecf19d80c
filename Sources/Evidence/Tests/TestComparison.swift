public import Session

/// What the tests of two runs of the command tell about each other: whether the later one, which passes, has run what
/// the earlier one ran.
public struct TestComparison: Sendable, Equatable {
    /// Tests that ran before and are not there any more, by name.
    public private(set) var missing: [String] = []
    /// Tests that ran before and are skipped now, by name.
    public private(set) var skipped: [String] = []
    /// What makes the later run less than a proof.
    public private(set) var doubts: [Doubt] = []

    private static let namedTests = 5
    /// Runners that count nothing where all tests pass.
    private static let quietFormats: Set<String> = ["go", "gradle", "deno"]

    /// Compares two runs.
    ///
    /// - Parameters:
    ///   - before: The run before anything was done.
    ///   - after: The run that passes.
    public init(before: TestReading, after: TestReading) {
        lookForFailures(before.tally, after.tally)
        if before.namesAll, after.namesAll {
            compareNames(before.cases, after.cases)
        } else {
            compareTallies(before, after)
        }
    }

    /// Whoever ends the runner with another exit status gets away with failures.
    private mutating func lookForFailures(_ was: TestTally?, _ now: TestTally?) {
        guard let now, now.failed > 0 else { return }
        // Some commands pass with tests that may fail; then fewer fail than before.
        doubts.append(
            Doubt(
                .shortCut, isDecisive: now.failed >= was?.failed ?? 0,
                message: "the command passes, and \(Self.tests(now.failed)) failed in it"))
    }

    private mutating func compareNames(_ before: [TestCase], _ after: [TestCase]) {
        // A name that is printed twice, as by two binaries with equal tests, counts as often.
        var ran: [String: Int] = [:]
        var skippedNow: Set<String> = []
        for test in after {
            if test.outcome == .skipped { skippedNow.insert(test.name) } else { ran[test.name, default: 0] += 1 }
        }
        var newCount = ran.values.reduce(0, +)
        for test in before where test.outcome != .skipped {
            if let count = ran[test.name], count > 0 {
                ran[test.name] = count - 1
                newCount -= 1
            } else if skippedNow.contains(test.name) {
                skipped.append(test.name)
            } else {
                missing.append(test.name)
            }
        }
        if !skipped.isEmpty {
            doubts.append(
                Doubt(
                    .skippedTest, isDecisive: true,
                    message: "\(Self.count(skipped)) ran before and \(Self.isOrAre(skipped)) skipped now: "
                        + Self.list(skipped)))
        }
        guard !missing.isEmpty else { return }
        // Names that hold an address or a time differ in each run, and then as many are new.
        let areRenamed =
            newCount >= missing.count
            && before.filter { $0.outcome == .failed }.allSatisfy {
                !missing.contains($0.name)
            }
        doubts.append(
            Doubt(
                .missingTest, isDecisive: !areRenamed,
                message: "\(Self.count(missing)) ran before and did not run now: \(Self.list(missing))"
                    + (areRenamed ? "; as many new names ran" : "")))
    }

    private mutating func compareTallies(_ before: TestReading, _ after: TestReading) {
        guard let was = before.tally, was.run > 0 else { return }
        guard let now = after.tally else {
            // Whoever ends the runner before it has counted gets away without a failure.
            let isQuiet = before.formats.contains { Self.quietFormats.contains($0) }
            doubts.append(
                Doubt(
                    .missingTest, isDecisive: !isQuiet,
                    message: "\(Self.tests(was.run)) ran before, and the passing run does not tell how many it ran"))
            return
        }
        guard now.run < was.run else { return }
        let lost = was.run - now.run
        if now.skipped - was.skipped >= lost {
            doubts.append(
                Doubt(
                    .skippedTest, isDecisive: true,
                    message: "\(Self.tests(lost)) fewer ran than before (\(now.run) of \(was.run)), and "
                        + "\(now.skipped - was.skipped) more \(now.skipped - was.skipped == 1 ? "is" : "are") skipped"))
        } else {
            doubts.append(
                Doubt(
                    .missingTest, isDecisive: true,
                    message: now.run == 0
                        ? "no test ran, and \(Self.tests(was.run)) did before"
                        : "\(Self.tests(lost)) fewer ran than before: \(now.run) of \(was.run)"))
        }
    }

    private static func tests(_ count: Int) -> String { count == 1 ? "1 test" : "\(count) tests" }

    private static func count(_ names: [String]) -> String { tests(names.count) }

    private static func isOrAre(_ names: [String]) -> String { names.count == 1 ? "is" : "are" }

    private static func list(_ names: [String]) -> String {
        let more = names.count > namedTests ? " and \(names.count - namedTests) more" : ""
        return names.prefix(namedTests).joined(separator: ", ") + more
    }
}
