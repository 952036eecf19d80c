import Session

/// Reads what PHPUnit prints: below `There was 1 failure:`, `1) Class::test` and the reason; with `--testdox` ` ✘ title`
/// below the name of a class; then `Tests: 3, Assertions: 3, Failures: 1.`
struct PHPUnitReader: OutputReader {
    static let format = "phpunit"

    private var findings = Findings()
    private var unsettled = UnsettledFailures()
    private var isSeen = false
    /// Whether all tests have run, so that what follows is of the runner.
    private var isFinished = false
    /// Whether the list that is read tells failures or errors, and not warnings, risky or skipped tests.
    private var isInFailures = false
    /// The class above the titles that `--testdox` prints.
    private var title: Substring?
    /// The counts that were printed last: a test may print others before.
    private var counts: TestTally?

    mutating func read(_ line: Substring) -> Bool {
        if line.starts(with: "PHPUnit "), line.holds(" by Sebastian Bergmann") {
            endRun()
            isSeen = true
            return true
        }
        guard isSeen else { return false }
        if readSummary(line) || readHeading(line) || readTitle(line) { return false }
        if isInFailures, let (_, rest) = line.leadingNumber, let name = rest.after(") "), name.holds("::") {
            unsettled.begin(FailureBlock(name: name))
        } else if line == "--" {
            unsettled.end()
            isInFailures = false
        } else {
            readReason(line.after("   │ ") ?? (line == "   │" ? "" : line))
        }
        return false
    }

    var ownsLine: Bool { unsettled.open != nil }

    mutating func finish() -> TestReading? {
        endRun()
        return findings.isEmpty ? nil : findings.reading()
    }

    private mutating func endRun() {
        unsettled.end()
        if let counts { findings.count(run: counts.run, failed: counts.failed, skipped: counts.skipped) }
        if counts?.failed == 0 { unsettled.drop() }
        unsettled.settle(into: &findings)
        counts = nil
        isFinished = false
        isInFailures = false
        title = nil
    }

    /// `There was 1 failure:`, `There were 3 errors:`, `There was 1 risky test:`
    private mutating func readHeading(_ line: Substring) -> Bool {
        if line.starts(with: "Time: ") {
            unsettled.end()
            isFinished = true
            return true
        }
        guard isFinished, line.starts(with: "There w"), let list = line.before(":") else { return false }
        unsettled.end()
        isInFailures = list.words.last.map { $0.starts(with: "failure") || $0.starts(with: "error") } ?? false
        return true
    }

    private mutating func readReason(_ line: Substring) {
        guard var block = unsettled.open else { return }
        defer { unsettled.open = block }
        if let (file, number) = line.cutLast(":"), file.ends(with: ".php"), let line = Int(number) {
            if !file.holds("/vendor/") { block.setPlace(file, line) }
            return
        }
        block.add(line)
    }

    /// `Basket`, ` ✔ Adds prices`, ` ✘ Sums with data set "three"`
    private mutating func readTitle(_ line: Substring) -> Bool {
        for (mark, outcome) in [
            (" ✔ ", TestCase.Outcome.passed), (" ✘ ", .failed), (" ↩ ", .skipped), (" ∅ ", .skipped), (" ☢ ", .passed),
            (" ⚠ ", .passed),
        ] {
            guard let text = line.after(mark), let title else { continue }
            let name = "\(title)::\(text.withoutTime)"
            unsettled.end()
            findings.add(name, outcome)
            if outcome == .failed { unsettled.begin(FailureBlock(name: name)) }
            return true
        }
        if unsettled.open == nil, !line.isEmpty, line.indentation == 0 { title = line.cut(" (")?.before ?? line }
        return false
    }

    /// `OK (1 test, 1 assertion)`, `Tests: 10, Assertions: 6, Errors: 1, Failures: 3, Skipped: 1.`
    private mutating func readSummary(_ line: Substring) -> Bool {
        if let inside = line.after("OK (")?.before(")"), let counts = Counts(inside),
            let tests = counts["tests"] ?? counts["test"]
        {
            unsettled.end()
            self.counts = TestTally(run: tests, failed: 0)
            return true
        }
        guard let list = line.before("."), line.starts(with: "Tests: "), let counts = Counts(labelled: list),
            counts["Assertions"] != nil, let tests = counts["Tests"]
        else { return false }
        unsettled.end()
        let skipped = (counts["Skipped"] ?? 0).adding(counts["Incomplete"] ?? 0)
        self.counts = TestTally(
            run: max(0, tests - skipped), failed: (counts["Errors"] ?? 0).adding(counts["Failures"] ?? 0),
            skipped: skipped)
        return true
    }
}

extension Substring {
    /// The title without a time in brackets behind it, ` [2.5 ms]`.
    fileprivate var withoutTime: Substring {
        guard let (title, time) = before("]")?.cutLast(" ["), time.ends(with: " ms") || time.ends(with: " s") else {
            return self
        }
        return title
    }
}
