import Session

/// Reads what `bun test` prints: below `file:`, the reason of each failure and then `(fail) suite > test [1.00ms]`; at
/// the end ` 2 pass` and ` 1 fail`.
struct BunReader: OutputReader {
    static let format = "bun"

    private var findings = Findings()
    private var unsettled = UnsettledFailures()
    private var isSeen = false
    /// The file whose tests are told.
    private var file: Substring?
    /// The failure whose title comes below its reason.
    private var block = FailureBlock(name: "")
    /// The counts at the end.
    private var counts: [Substring: Int] = [:]

    private static let labels: Set<Substring> = ["pass", "fail", "skip", "todo", "error", "errors"]

    mutating func read(_ line: Substring) -> Bool {
        if line.starts(with: "bun test v") {
            isSeen = true
            return true
        }
        guard isSeen else { return false }
        if let name = line.before(":"), name.holds("."), !name.holds(" "), line.indentation == 0 {
            file = name
            block = FailureBlock(name: "")
            return false
        }
        if let (count, label) = line.after(" ")?.leadingNumber {
            if Self.labels.contains(label.trimmed) { counts[label.trimmed] = count }
            return false
        }
        if line.starts(with: "Ran "), line.holds(" test") { return endRun() }
        guard let file else { return false }
        if line == "# Unhandled error between tests" {
            block = FailureBlock(name: file)
        } else if !readResult(line, of: file) {
            readReason(line, of: file)
        }
        return false
    }

    mutating func finish() -> TestReading? {
        unsettled.settle(into: &findings)
        return findings.isEmpty ? nil : findings.reading(countingCases: false)
    }

    private mutating func readResult(_ line: Substring, of file: Substring) -> Bool {
        for (mark, outcome) in [
            ("(pass) ", TestCase.Outcome.passed), ("(fail) ", .failed), ("(skip) ", .skipped), ("(todo) ", .skipped),
        ] {
            guard let title = line.after(mark) else { continue }
            let name = "\(file) > \(title.before("]")?.cutLast(" [")?.before ?? title)"
            findings.add(name, outcome)
            if outcome == .failed { add(named: name, of: file) }
            block = FailureBlock(name: "")
            return true
        }
        return false
    }

    private mutating func add(named name: String, of file: Substring) {
        var failure = block.whole
        failure.name = name
        if failure.file == nil { failure.file = String(file) }
        unsettled.add(failure)
    }

    private mutating func readReason(_ line: Substring, of file: Substring) {
        if line.starts(with: "-----") {
            // The second of two rules ends an error outside of tests.
            if block.failure.name == file, block.hasMessage {
                add(named: String(file), of: file)
                block = FailureBlock(name: "")
            }
        } else if ScriptFrame.isFrame(line) {
            if let frame = ScriptFrame(line), !frame.isForeign {
                block.setPlace(frame.file.ends(with: "/\(file)") ? file : frame.file, frame.line)
            }
        } else if block.hasMessage || line.starts(with: "error: ") || line.cut(":")?.before.ends(with: "Error") == true
        {
            // The code around the place comes first.
            block.add(block.hasMessage ? line : line.after("error: ") ?? line)
        }
    }

    private mutating func endRun() -> Bool {
        guard let passed = counts["pass"], let failed = counts["fail"] else { return false }
        findings.count(
            run: passed.adding(failed), failed: failed, skipped: (counts["skip"] ?? 0).adding(counts["todo"] ?? 0))
        if failed == 0, counts["error"] == nil, counts["errors"] == nil { unsettled.drop() }
        unsettled.settle(into: &findings)
        counts = [:]
        file = nil
        return true
    }
}
