import Session

/// Reads what Ruby's test-unit prints: between rules, `Failure: test(Class)`, the place, the code and the reason; then
/// `5 tests, 2 assertions, 1 failures, 1 errors, ...`
struct TestUnitReader: OutputReader {
    static let format = "test-unit"

    private var findings = Findings()
    private var unsettled = UnsettledFailures()
    private var followsRule = false
    private var isFinished = false

    mutating func read(_ line: Substring) -> Bool {
        let isRule = line.starts(with: "==========") && line.utf8.allSatisfy { $0 == 0x3D }
        defer { followsRule = isRule }
        if isRule || line.starts(with: "Finished in ") {
            unsettled.end()
            isFinished = line.starts(with: "F")
            return false
        }
        if followsRule, let name = line.after("Failure: ") ?? line.after("Error: ") {
            // The class stands in parentheses; in other versions only the test is named.
            unsettled.begin(FailureBlock(name: name.before(":") ?? name, indentation: 2))
            return false
        }
        if isFinished, let counts = Counts(line), let all = counts["tests"], counts["assertions"] != nil,
            let failures = counts["failures"], let errors = counts["errors"]
        {
            endRun(all, failures.adding(errors), (counts["pendings"] ?? 0).adding(counts["omissions"] ?? 0))
            return true
        }
        readReason(line)
        return false
    }

    var ownsLine: Bool { unsettled.open != nil }

    mutating func finish() -> TestReading? { findings.tally == nil ? nil : findings.reading() }

    private mutating func endRun(_ all: Int, _ failed: Int, _ skipped: Int) {
        findings.count(run: max(0, all - skipped), failed: failed, skipped: skipped)
        if failed == 0 { unsettled.drop() }
        unsettled.settle(into: &findings)
        isFinished = false
    }

    private mutating func readReason(_ line: Substring) {
        guard var block = unsettled.open else { return }
        defer { unsettled.open = block }
        if let (file, rest) = line.cut(":"), let (number, behind) = rest.leadingNumber, behind.starts(with: ":in ") {
            if !file.holds("/gems/"), !file.starts(with: "/usr/") { block.setPlace(file, number) }
            return
        }
        // The code around the place, `     10:   def` and `  => 11:     assert`.
        let text = line.trimmed
        if line.indentation > 0, (text.after("=> ") ?? text).leadingNumber?.rest.starts(with: ":") == true { return }
        block.add(line)
    }
}
