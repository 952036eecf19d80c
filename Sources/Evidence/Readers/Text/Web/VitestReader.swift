import Session

/// Reads what Vitest prints: ` FAIL  file > suite > test` with the reason and ` ❯ file:line:column`, and
/// `Tests  1 failed | 2 passed (3)`, which goes to the other stream and so may come first.
struct VitestReader: OutputReader {
    static let format = "vitest"

    private var findings = Findings()
    private var unsettled = UnsettledFailures()
    /// Tests whose common reason is being read.
    private var names: [Substring] = []
    private var reason: FailureBlock?
    private var hasSummary = false
    private var hasFailed = false

    mutating func read(_ line: Substring) -> Bool {
        // Jest prints a name without these.
        if let name = line.after(" FAIL  "), name.holds(" > ") || name.holds(" [ ") {
            if reason != nil { endReason() }
            if names.count < Findings.failureLimit { names.append(Self.plain(name)) }
            return true
        }
        if line.starts(with: "⎯⎯") {
            endReason()
            if let title = Self.unhandled(line) { names = [title] }
            return !names.isEmpty || line.holds(" Failed Tests ") || line.holds(" Failed Suites ")
        }
        if line.starts(with: " "), readSummary(line.trimmed) {
            endReason()
            return true
        }
        guard names.isEmpty else {
            readReason(line)
            return false
        }
        return readCase(line)
    }

    var ownsLine: Bool { reason != nil }

    mutating func finish() -> TestReading? {
        endReason()
        if hasSummary, !hasFailed { unsettled.drop() }
        unsettled.settle(into: &findings)
        return findings.isEmpty ? nil : findings.reading(countingCases: false)
    }

    /// `⎯⎯⎯⎯ Unhandled Rejection ⎯⎯⎯⎯`
    private static func unhandled(_ line: Substring) -> Substring? {
        guard let title = line.cut("⎯ ")?.after.cut(" ⎯")?.before else { return nil }
        return ["Unhandled Rejection", "Unhandled Error", "Uncaught Exception"].contains(title) ? title : nil
    }

    /// The name without the project in front of it, `|unit| a.test.ts > b`; only the file of one that could not be
    /// loaded, `a.test.ts [ a.test.ts ]`.
    private static func plain(_ name: Substring) -> Substring {
        let whole = name.after("|")?.cut("| ")?.after ?? name
        guard whole.ends(with: " ]"), let (file, _) = whole.cut(" [ ") else { return whole }
        return file
    }

    private mutating func readReason(_ line: Substring) {
        if reason == nil, line.trimmed.isEmpty { return }
        var block = reason ?? FailureBlock(name: "")
        defer { reason = block }
        guard let place = line.trimmed.after("❯ ") else { return block.add(line) }
        // A function may stand before the place.
        if let last = place.words.last, let frame = ScriptFrame(place: last), !frame.isForeign {
            block.setPlace(frame.file, frame.line)
        }
    }

    /// Gives the reason to all tests that have it.
    private mutating func endReason() {
        let whole = reason?.whole ?? TestFailure(name: "")
        for name in names {
            var failure = whole
            failure.name = String(name)
            if failure.file == nil, let file = (name.cut(" > ")?.before ?? name).words.last, file.holds(".") {
                failure.file = String(file)
            }
            unsettled.add(failure)
        }
        names = []
        reason = nil
    }

    /// ` ✓ a.test.ts > suite > test 3ms`, as the verbose reporter prints it.
    private mutating func readCase(_ line: Substring) -> Bool {
        guard line.starts(with: " ") else { return false }
        for (mark, outcome) in [("✓ ", TestCase.Outcome.passed), ("× ", .failed), ("↓ ", .skipped)] {
            guard let title = line.trimmed.after(mark) else { continue }
            let name = Self.withoutTime(Self.plain(title.before(" [skipped]") ?? title))
            guard let (file, _) = name.cut(" > "), file.holds("."), !file.holds(" ") else { return false }
            findings.add(name, outcome)
            return true
        }
        return false
    }

    /// The name without the ` 3ms` behind it.
    private static func withoutTime(_ name: Substring) -> Substring {
        guard let (before, time) = name.cutLast(" "), time.leadingNumber?.rest == "ms" else { return name }
        return before.trimmed
    }

    /// `Test Files  1 failed | 2 passed (3)`, `Tests  1 failed | 2 passed | 1 skipped (4)`, `Errors  1 error`
    private mutating func readSummary(_ line: Substring) -> Bool {
        if let errors = line.after("Errors  "), let (count, rest) = errors.leadingNumber, rest.starts(with: " error") {
            hasFailed = hasFailed || count > 0
            return true
        }
        if line == "Tests  no tests" {
            hasSummary = true
            return true
        }
        let tests = line.after("Tests  ")
        guard let list = tests ?? line.after("Test Files  "), let (parts, total) = list.cutLast(" ("),
            total.ends(with: ")"), let counts = Counts(parts, separator: 0x7C)
        else { return false }
        let failed = counts["failed"] ?? 0
        hasFailed = hasFailed || failed > 0
        guard tests != nil else { return true }
        hasSummary = true
        findings.count(
            run: failed.adding(counts["passed"] ?? 0), failed: failed,
            skipped: (counts["skipped"] ?? 0).adding(counts["todo"] ?? 0))
        return true
    }
}
