import Session

/// Reads what Minitest prints: `1) Failure:`, `Class#test [file:3]:` and the reason; then
/// `3 runs, 3 assertions, 1 failures, 0 errors, 0 skips`. Rails prints the same without numbers.
struct MinitestReader: OutputReader {
    static let format = "minitest"

    private var findings = Findings()
    private var unsettled = UnsettledFailures()
    /// Whether the next line names a failure, and whether one that was skipped.
    private var next: (isExpected: Bool, isSkipped: Bool) = (false, false)
    /// Whether all tests have run, so that what follows is of the runner.
    private var isFinished = false
    /// Whether an exception is told, and not an assertion.
    private var isError = false

    mutating func read(_ line: Substring) -> Bool {
        if line.starts(with: "Finished in ") {
            unsettled.end()
            isFinished = true
            return false
        }
        if let kind = heading(line) {
            unsettled.end()
            next = (true, kind == "Skipped")
            isError = kind == "Error"
            return false
        }
        if next.isExpected {
            next.isExpected = false
            if !next.isSkipped { begin(line) }
            return false
        }
        if readSummary(line) { return true }
        if readCase(line) { return true }
        readReason(line)
        return false
    }

    var ownsLine: Bool { unsettled.open != nil }

    mutating func finish() -> TestReading? {
        // Without a summary, what looks like a failure may be of anything.
        findings.tally == nil ? nil : findings.reading()
    }

    /// `  1) Failure:` behind the line that tells the time, and in Rails `Failure:` before it.
    private func heading(_ line: Substring) -> Substring? {
        var text = line
        if isFinished, line.starts(with: "  "), let (_, rest) = line.trimmed.leadingNumber,
            let heading = rest.after(") ")
        {
            text = heading
        }
        guard let kind = text.before(":"), kind == "Failure" || kind == "Error" || kind == "Skipped" else { return nil }
        return kind
    }

    /// `TestBasket#test_adds [test_basket.rb:21]:`, `TestBasket#test_adds:`
    private mutating func begin(_ line: Substring) {
        guard let title = line.before(":") else { return }
        guard let (name, place) = title.before("]")?.cutLast(" ["), let (file, number) = place.cutLast(":"),
            let line = Int(number)
        else { return unsettled.begin(FailureBlock(name: title)) }
        var block = FailureBlock(name: name)
        block.setPlace(file, line)
        unsettled.begin(block)
    }

    private mutating func readReason(_ line: Substring) {
        guard var block = unsettled.open else { return }
        defer { unsettled.open = block }
        if isError, line.starts(with: "    "), let (file, rest) = line.trimmed.cut(":"),
            let (number, behind) = rest.leadingNumber,
            behind.starts(with: ":in ")
        {
            if !file.holds("/gems/"), !file.starts(with: "/usr/") { block.setPlace(file, number) }
            return
        }
        // Rails tells how to run it again.
        if line.starts(with: "bin/rails test ") || line.starts(with: "rails test ") { return }
        block.add(line)
    }

    /// `Class#test = 0.00 s = F`, as `--verbose` prints it.
    private mutating func readCase(_ line: Substring) -> Bool {
        guard let (before, mark) = line.cutLast(" s = "), let (name, time) = before.cutLast(" = "), time.holds("."),
            name.holds("#"), let outcome: TestCase.Outcome = Self.outcomes[mark]
        else { return false }
        findings.add(name, outcome)
        return true
    }

    private static let outcomes: [Substring: TestCase.Outcome] = [
        ".": .passed, "F": .failed, "E": .failed, "S": .skipped,
    ]

    /// `6 runs, 4 assertions, 3 failures, 1 errors, 1 skips`
    private mutating func readSummary(_ line: Substring) -> Bool {
        guard isFinished, line.leadingNumber != nil, let counts = Counts(line),
            let all = counts["runs"],
            counts["assertions"] != nil, let failures = counts["failures"], let errors = counts["errors"]
        else { return false }
        unsettled.end()
        let skipped = counts["skips"] ?? 0
        findings.count(run: max(0, all - skipped), failed: failures.adding(errors), skipped: skipped)
        if failures == 0, errors == 0 { unsettled.drop() }
        unsettled.settle(into: &findings)
        isFinished = false
        return true
    }
}
