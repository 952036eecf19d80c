import Session

/// Reads the tests that Gradle runs: `Class > test FAILED` with the exception below, and
/// `7 tests completed, 4 failed, 1 skipped`.
struct GradleTestReader: OutputReader {
    static let format = "gradle"

    private var findings = Findings()
    private var unsettled = UnsettledFailures()
    private var hasSucceeded = false

    mutating func read(_ line: Substring) -> Bool {
        if line.starts(with: "BUILD ") {
            unsettled.end()
            hasSucceeded = line.starts(with: "BUILD SUCCESSFUL")
            return false
        }
        if line.indentation == 0, let (name, outcome) = Self.result(line) {
            unsettled.end()
            findings.add(name, outcome)
            if outcome == .failed { unsettled.begin(FailureBlock(name: name, indentation: 4)) }
            return true
        }
        if readCounts(line) { return true }
        readReason(line)
        return false
    }

    var ownsLine: Bool { unsettled.open != nil }

    mutating func finish() -> TestReading? {
        unsettled.end()
        if hasSucceeded { unsettled.drop() }
        unsettled.settle(into: &findings)
        // Gradle names those that passed only when it is asked to, and counts them only where one failed.
        return findings.isEmpty
            ? nil : findings.reading(countingCases: findings.cases.contains { $0.outcome == .passed })
    }

    /// `org.example.BasketTest > adds() FAILED`, and so on for `PASSED` and `SKIPPED`
    private static func result(_ line: Substring) -> (Substring, TestCase.Outcome)? {
        for (word, outcome) in [(" FAILED", TestCase.Outcome.failed), (" PASSED", .passed), (" SKIPPED", .skipped)] {
            // A report of a task begins with a colon or `> Task`.
            guard let name = line.before(word), name.holds(" > "), !name.starts(with: ">") else { continue }
            return (name, outcome)
        }
        return nil
    }

    private mutating func readReason(_ line: Substring) {
        guard var block = unsettled.open else { return }
        guard line.indentation > 0 else {
            // A blank line may stand inside of a message.
            if !line.isEmpty { unsettled.end() }
            return
        }
        defer { unsettled.open = block }
        if JavaFrame.isFrame(line) {
            if let frame = JavaFrame(line), !frame.isForeign { block.setPlace(frame.file, frame.line) }
        } else if !block.hasMessage, let (type, place) = line.trimmed.cutLast(" at "),
            let (file, number) = place.cut(":"),
            let line = Int(number)
        {
            block.setPlace(file, line)
            block.add(type)
        } else {
            block.add(line)
        }
    }

    /// `7 tests completed, 4 failed, 1 skipped`, which counts skipped tests as completed
    private mutating func readCounts(_ line: Substring) -> Bool {
        guard let counts = Counts(line), let all = counts["tests completed"] ?? counts["test completed"] else {
            return false
        }
        unsettled.end()
        let skipped = counts["skipped"] ?? 0
        findings.count(run: max(0, all - skipped), failed: counts["failed"] ?? 0, skipped: skipped)
        return true
    }
}
