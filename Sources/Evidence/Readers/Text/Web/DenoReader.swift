import Session

/// Reads what `deno test` prints: below ` ERRORS `, `test => ./file.ts:3:4` and the reason; then
/// `FAILED | 1 passed | 2 failed (8ms)`.
struct DenoReader: OutputReader {
    static let format = "deno"

    private var findings = Findings()
    private var unsettled = UnsettledFailures()
    private var isInErrors = false
    /// Whether what a test prints is being passed over.
    private var isInOutput = false
    private var place: ScriptFrame?

    mutating func read(_ line: Substring) -> Bool {
        if line.trimmed == "ERRORS" {
            isInErrors = true
            return true
        }
        if line.trimmed == "FAILURES" {
            endFailure()
            isInErrors = false
            return true
        }
        if let counts = line.after("FAILED | ") ?? line.after("ok | "), readCounts(counts) { return true }
        if isInErrors { readError(line) } else { readCase(line) }
        return false
    }

    var ownsLine: Bool { isInOutput || unsettled.open != nil }

    mutating func finish() -> TestReading? {
        endFailure()
        if findings.tally?.failed == 0 { unsettled.drop() }
        unsettled.settle(into: &findings)
        return findings.isEmpty ? nil : findings.reading(countingCases: false)
    }

    private mutating func readError(_ line: Substring) {
        if let (title, rest) = line.cutLast(" => "), let frame = ScriptFrame(place: rest), line.indentation == 0 {
            endFailure()
            place = frame
            unsettled.begin(FailureBlock(name: title.joiningSteps))
            return
        }
        guard var block = unsettled.open, let place else { return }
        defer { unsettled.open = block }
        if !ScriptFrame.isFrame(line) {
            block.add(block.hasMessage ? line : line.after("error: ") ?? line)
        } else if let frame = ScriptFrame(line), !frame.isForeign {
            let file = place.file.after("./") ?? place.file
            block.setPlace(frame.file.ends(with: "/\(file)") ? file : frame.file, frame.line)
        }
    }

    private mutating func endFailure() {
        if let place { unsettled.open?.setPlace(place.file.after("./") ?? place.file, place.line) }
        unsettled.end()
        place = nil
    }

    /// `title ... ok (2ms)`, outside of steps
    private mutating func readCase(_ line: Substring) {
        if line == "------- output -------" { isInOutput = true }
        if line == "----- output end -----" { isInOutput = false }
        guard !isInOutput, line.indentation == 0, let (title, result) = line.cutLast(" ... ") else { return }
        if result.starts(with: "ok (") { findings.add(title, .passed) }
        if result.starts(with: "FAILED (") { findings.add(title, .failed) }
        if result.starts(with: "ignored (") { findings.add(title, .skipped) }
    }

    /// `2 passed (1 step) | 2 failed (1 step) | 1 ignored (8ms)`; only tests are counted.
    private mutating func readCounts(_ text: Substring) -> Bool {
        var passed: Int?
        var failed = 0
        var skipped = 0
        for part in text.utf8.split(separator: 0x7C) {
            guard let (count, rest) = Substring(part).trimmed.leadingNumber else { return false }
            if rest.starts(with: " passed") { passed = count }
            if rest.starts(with: " failed") { failed = count }
            if rest.starts(with: " ignored") { skipped = count }
        }
        guard let passed else { return false }
        findings.count(run: passed.adding(failed), failed: failed, skipped: skipped)
        return true
    }
}

extension Substring {
    /// The titles of a test and its steps, `test ... step`, as a name.
    fileprivate var joiningSteps: String {
        var titles: [Substring] = []
        var rest = self
        while let (title, after) = rest.cut(" ... ") {
            titles.append(title)
            rest = after
        }
        return (titles + [rest]).joined(separator: " > ")
    }
}
