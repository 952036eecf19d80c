import Session

/// Reads what Pest and Laravel's `artisan test` print: `   FAILED  Class > title`, the reason, `at file.php:3`, and
/// `Tests:    1 failed, 2 passed (3 assertions)`.
struct PestReader: OutputReader {
    static let format = "pest"

    private var findings = Findings()
    private var unsettled = UnsettledFailures()

    mutating func read(_ line: Substring) -> Bool {
        if let text = line.trimmed.after("FAILED  "), line.indentation > 0, text.holds(" > ") {
            // The name of an exception may stand at the right.
            unsettled.begin(FailureBlock(name: text.cut("   ")?.before ?? text, indentation: 2))
            return true
        }
        if readCounts(line.trimmed) { return true }
        if line.trimmed.starts(with: "────") { unsettled.end() }
        guard var block = unsettled.open else { return false }
        defer { unsettled.open = block }
        let text = line.trimmed
        if let (file, number) = text.after("at ")?.cutLast(":"), file.ends(with: ".php"), let line = Int(number) {
            if !file.starts(with: "vendor/") { block.setPlace(file, line) }
        } else if let frame = text.leadingNumber?.rest.after("  ")?.trimmed, let (file, number) = frame.cutLast(":"),
            file.ends(with: ".php"), let line = Int(number)
        {
            // Further frames have numbers.
            if !file.starts(with: "vendor/") { block.setPlace(file, line) }
        } else {
            block.add(line)
        }
        return false
    }

    var ownsLine: Bool { unsettled.open != nil }

    mutating func finish() -> TestReading? {
        unsettled.settle(into: &findings)
        return findings.isEmpty ? nil : findings.reading()
    }

    private mutating func readCounts(_ text: Substring) -> Bool {
        guard let list = text.after("Tests:  "), let (parts, end) = list.cutLast(" ("), end.ends(with: " assertions)"),
            let counts = Counts(parts)
        else { return false }
        let failed = counts["failed"] ?? 0
        let skipped = ["skipped", "incomplete", "todo", "todos"].reduce(0) { $0.adding(counts[$1] ?? 0) }
        findings.count(
            run: failed.adding(counts["passed"] ?? 0).adding(counts["risky"] ?? 0), failed: failed, skipped: skipped)
        if failed == 0 { unsettled.drop() }
        unsettled.settle(into: &findings)
        return true
    }
}
