import Session

/// Reads what Perl's Test::More and prove print: `#   Failed test 'name'` with `#   at t/a.t line 6.`, and below
/// `Test Summary Report` each file that failed.
struct ProveReader: OutputReader {
    static let format = "prove"

    private var findings = Findings()
    private var unsettled = UnsettledFailures()
    private var names: Set<String> = []
    /// The name in a line whose place comes next.
    private var name: Substring?
    private var isInSummary = false
    /// The files that the summary tells, in order.
    private var files: [(file: Substring, failed: Int, reason: Substring)] = []
    /// How many of their failures are in the tally.
    private var countedFailures = 0
    private var result: Substring?
    private var hasTests = false

    mutating func read(_ line: Substring) -> Bool {
        if (line.after("ok ") ?? line.after("not ok "))?.leadingNumber != nil { hasTests = true }
        if let text = line.after("#   Failed test") {
            unsettled.end()
            return readFailed(text)
        }
        if let name {
            self.name = nil
            if let text = line.after("#   "), let place = Self.place(text) { begin(name, place) }
            return false
        }
        if let detail = line.after("#    "), unsettled.open != nil {
            unsettled.open?.add(detail)
            return false
        }
        unsettled.end()
        if line == "Test Summary Report" {
            isInSummary = true
            return true
        }
        return readSummary(line)
    }

    mutating func finish() -> TestReading? {
        // With --verbose the tests themselves are printed, which another reader takes.
        guard let result, !hasTests else { return nil }
        unsettled.end()
        let diagnosed = unsettled.take()
        if result == "FAIL" {
            for failure in diagnosed where files.contains(where: { failure.file == String($0.file) }) {
                findings.add(failure)
            }
            for (file, _, reason) in files where !findings.failures.contains(where: { $0.file == String(file) }) {
                findings.add(TestFailure(name: String(file), message: String(reason), file: String(file)))
            }
        }
        return findings.reading()
    }

    /// ` 'name'`, or ` at t/a.t line 7.` of a test without a name
    private mutating func readFailed(_ text: Substring) -> Bool {
        if let place = Self.place(text.trimmed) {
            begin("", place)
        } else {
            name = text.trimmed.after("'")?.before("'") ?? text.trimmed
        }
        return false
    }

    private static func place(_ text: Substring) -> (file: Substring, line: Int)? {
        guard let (file, rest) = text.after("at ")?.cutLast(" line "), let (line, _) = rest.leadingNumber else {
            return nil
        }
        return (file, line)
    }

    private mutating func begin(_ name: Substring, _ place: (file: Substring, line: Int)) {
        let isKnown = !names.insert(String(name)).inserted
        var block = FailureBlock(
            name: isKnown || name.isEmpty ? "\(place.file):\(place.line) \(name)"[...].trimmed : name)
        block.setPlace(place.file, place.line)
        unsettled.begin(block)
    }

    /// `t/a.t (Wstat: 512 (exited 2) Tests: 5 Failed: 2)`, `  Parse errors: No plan found`, `Files=4, Tests=7, ...`,
    /// `Result: FAIL`
    private mutating func readSummary(_ line: Substring) -> Bool {
        if let text = line.after("Result: "), text == "FAIL" || text == "PASS" || text == "NOTESTS" {
            if result != "FAIL" { result = text }
            isInSummary = false
            return true
        }
        if line.starts(with: "Files="), let (tests, _) = line.cut(", Tests=")?.after.leadingNumber {
            let failed = files.reduce(0) { $0.adding($1.failed) } - countedFailures
            findings.count(run: tests, failed: failed, skipped: 0)
            countedFailures += failed
            return true
        }
        guard isInSummary else { return false }
        if let (file, rest) = line.cut(" (Wstat: "), let (_, failed) = rest.cut(" Failed: "),
            let count = failed.leadingNumber
        {
            if files.count < Findings.failureLimit { files.append((file.trimmed, count.number, "")) }
        } else if let last = files.indices.last, line.indentation > 0, !line.trimmed.starts(with: "Failed test") {
            let reason = line.trimmed
            files[last].reason = files[last].reason.isEmpty ? reason : "\(files[last].reason); \(reason)"
        }
        return false
    }
}
