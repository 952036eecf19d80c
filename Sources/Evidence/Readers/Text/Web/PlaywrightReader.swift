import Session

/// Reads what Playwright's test runner prints: `1) [browser] › file:3:5 › title` with the reason, and at the end
/// `1 failed` with the titles below, `2 passed (3.2s)` and so on.
struct PlaywrightReader: OutputReader {
    static let format = "playwright"

    private var findings = Findings()
    private var unsettled = UnsettledFailures()
    private var isSeen = false
    /// How many failures have been told with their reason.
    private var told = 0
    /// The counts at the end, and the one whose titles are listed.
    private var counts: [Substring: Int] = [:]
    private var list: Substring?
    /// The names below `failed`: what is told with a reason may also have passed when it was tried again.
    private var failed: Set<String> = []
    /// The place of the test whose reason is being read.
    private var place: ScriptFrame?

    mutating func read(_ line: Substring) -> Bool {
        if let rest = line.after("Running ")?.leadingNumber?.rest, rest.starts(with: " test"), rest.holds(" using ") {
            endRun()
            isSeen = true
            return true
        }
        guard isSeen else { return false }
        if readCount(line) { return true }
        if let text = line.after("  \(told + 1)) "), let (name, place) = Self.title(text) {
            endFailure()
            told += 1
            self.place = place
            unsettled.begin(FailureBlock(name: name, indentation: 4))
        } else if list != nil {
            if list == "failed", line.starts(with: "    "), let (name, _) = Self.title(line.trimmed) {
                failed.insert(name)
            }
        } else if !readCase(line) {
            readReason(line)
        }
        return false
    }

    var ownsLine: Bool { unsettled.open != nil }

    mutating func finish() -> TestReading? {
        endRun()
        return findings.isEmpty ? nil : findings.reading(countingCases: false)
    }

    /// `[chromium] › tests/a.spec.ts:3:5 › suite › title ─────`; the name has no line, which changes with the file.
    private static func title(_ text: Substring) -> (String, ScriptFrame)? {
        let parts = text.cut(" ──")?.before ?? text
        var rest = parts
        var project: Substring = ""
        if parts.starts(with: "["), let (first, after) = parts.cut(" › ") { (project, rest) = (first, after) }
        guard let (file, title) = rest.cut(" › "), let frame = ScriptFrame(place: file) else { return nil }
        let name = [project, frame.file, title.trimmed].filter { !$0.isEmpty }.joined(separator: " › ")
        return (String(name[...].limited(to: Findings.nameLimit)), frame)
    }

    /// `  ✓  1 [chromium] › a.spec.ts:3:5 › title (1.1s)`, `  ✘`, `  -`
    private mutating func readCase(_ line: Substring) -> Bool {
        for (mark, outcome) in [("  ✓ ", TestCase.Outcome.passed), ("  ✘ ", .failed), ("  - ", .skipped)] {
            guard let text = line.after(mark) else { continue }
            let title = (text.trimmed.leadingNumber?.rest ?? text).trimmed.withoutDuration
            // One that is tried again is told again.
            guard !title.holds(" (retry #"), let (name, _) = Self.title(title) else { return false }
            findings.add(name, outcome)
            return true
        }
        return false
    }

    private mutating func readReason(_ line: Substring) {
        guard var block = unsettled.open else { return }
        if line.trimmed.starts(with: "Retry #") || line.trimmed.starts(with: "attachment #") { return endFailure() }
        defer { unsettled.open = block }
        if ScriptFrame.isFrame(line) {
            if let frame = ScriptFrame(line), !frame.isForeign { setPlace(of: &block, frame) }
        } else {
            block.add(line)
        }
    }

    /// Tells the place by the path that the title has, where both are of one file.
    private func setPlace(of block: inout FailureBlock, _ frame: ScriptFrame) {
        let file = place.flatMap { frame.file.ends(with: "/\($0.file)") ? $0.file : nil } ?? frame.file
        block.setPlace(file, frame.line)
    }

    private mutating func endFailure() {
        if let place { unsettled.open?.setPlace(place.file, place.line) }
        unsettled.end()
        place = nil
    }

    private static let labels: Set<Substring> = [
        "failed", "interrupted", "flaky", "skipped", "did not run", "passed",
    ]

    private mutating func readCount(_ line: Substring) -> Bool {
        guard line.indentation == 2, let (count, rest) = line.trimmed.leadingNumber else { return false }
        let label = rest.trimmed.withoutDuration
        guard Self.labels.contains(label), rest.starts(with: " ") else { return false }
        endFailure()
        counts[label] = count
        list = label
        return true
    }

    private mutating func endRun() {
        endFailure()
        let details = unsettled.take()
        if !counts.isEmpty {
            let all = (counts["failed"] ?? 0).adding(counts["interrupted"] ?? 0)
            findings.count(
                run: all.adding(counts["flaky"] ?? 0).adding(counts["passed"] ?? 0), failed: all,
                skipped: (counts["skipped"] ?? 0).adding(counts["did not run"] ?? 0))
        }
        for failure in details where counts.isEmpty || failed.contains(failure.name) { findings.add(failure) }
        (counts, list, failed, told) = ([:], nil, [], 0)
    }
}
