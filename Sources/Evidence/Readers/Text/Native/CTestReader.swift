import Session

/// Reads the output of ctest, whose tests are programs with runners of their own.
struct CTestReader: OutputReader {
    static let format = "ctest"
    static let rank = ReaderRank.umbrella

    private var findings = Findings()
    private var wasSeen = false
    private var open: (failure: TestFailure, output: CTestOutput)?
    /// What tests have printed before their result, by their number, as with `-V`.
    private var outputs: [Int: CTestOutput] = [:]
    private var summary: (failed: Int, total: Int)?

    mutating func read(_ line: Substring) -> Bool {
        if line.starts(with: "Test project ") {
            wasSeen = true
            return true
        }
        guard wasSeen else { return false }
        if let result = Self.result(line) {
            end()
            take(result)
            return true
        }
        if line.starts(with: "    Start ") || line.holds("% tests passed, ") {
            end()
            readSummary(line)
            return true
        }
        if let (number, rest) = line.leadingNumber, let text = rest.after(": ") {
            if outputs.count < Findings.failureLimit || outputs[number] != nil {
                outputs[number, default: CTestOutput()].add(text)
            }
            return false
        }
        open?.output.add(line)
        return false
    }

    mutating func finish() -> TestReading? {
        end()
        guard wasSeen else { return nil }
        if findings.cases.isEmpty, let summary {
            findings.count(run: summary.total, failed: summary.failed, skipped: 0)
        }
        return findings.reading()
    }

    private mutating func take(_ result: (number: Int, name: Substring, status: Substring)) {
        let output = outputs.removeValue(forKey: result.number) ?? CTestOutput()
        if result.status == "Passed" {
            findings.add(result.name, .passed)
        } else if result.status.starts(with: "Skipped") || result.status.starts(with: "Not Run (Disabled)") {
            findings.add(result.name, .skipped)
        } else {
            findings.add(result.name, .failed)
            open = (TestFailure(name: String(result.name), message: String(result.status)), output)
        }
    }

    private mutating func end() {
        guard let output = open?.output, var failure = open?.failure else { return }
        open = nil
        failure.excerpt = output.text
        findings.add(failure)
    }

    /// `25% tests passed, 6 tests failed out of 8`
    private mutating func readSummary(_ line: Substring) {
        guard let (_, rest) = line.cut("% tests passed, "), let failed = rest.leadingNumber?.number,
            let total = rest.cut(" out of ")?.after.leadingNumber?.number
        else { return }
        summary = (failed, total)
    }

    /// `1/9 Test #1: calc .........***Failed    0.01 sec`
    private static func result(_ line: Substring) -> (number: Int, name: Substring, status: Substring)? {
        guard let (_, rest) = line.trimmed.leadingNumber, let (_, test) = rest.after("/")?.leadingNumber,
            let (number, named) = test.after(" Test")?.trimmed.after("#")?.leadingNumber, let text = named.after(": "),
            let (before, status) = text.cut("***") ?? text.cut("   Passed ").map({ ($0.before, "Passed") })
        else { return nil }
        // Dots fill the line up to the status, three at least.
        let name = before.cut(" ..")?.before ?? before.cut("...")?.before ?? before
        return (number, name.trimmed, withoutTime(status))
    }

    /// What says more than that it has failed.
    private static func reason(_ status: Substring) -> Substring { (status.after("Failed  ") ?? status).trimmed }

    /// What stands before `  0.01 sec`.
    private static func withoutTime(_ status: Substring) -> Substring {
        guard let (before, time) = status.before(" sec")?.cutLast("  "), Double(time.trimmed) != nil else {
            return reason(status)
        }
        return reason(before)
    }
}

/// What a test under ctest has printed: from the first line that names a place, or all of it.
private struct CTestOutput {
    private var excerpt = Excerpt()
    private var hasPlace = false

    var text: String { String(excerpt.text[...].withoutBlankEnd) }

    mutating func add(_ line: Substring) {
        if !hasPlace, Place(line.trimmed) != nil {
            hasPlace = true
            excerpt = Excerpt()
        }
        excerpt.add(line)
    }
}
