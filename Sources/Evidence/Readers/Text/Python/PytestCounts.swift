import Session

/// The last line of a session of pytest: `7 failed, 3 passed, 1 xfailed, 1 error in 0.04s`.
struct PytestCounts {
    private var counts: [Substring: Int] = [:]

    /// Whether the words are those of tests that were run, which no other tool prints in this way.
    var isPlain: Bool { counts["passed"] != nil || counts["failed"] != nil }

    init?(_ line: Substring) {
        guard let (list, time) = line.cutLast(" in "), Self.isTime(time) else { return nil }
        if list == "no tests ran" { return }
        for part in list.utf8.split(separator: UInt8(ascii: ",")) {
            guard let (number, rest) = Substring(part).trimmed.leadingNumber, let word = rest.after(" "),
                Self.words.contains(word)
            else { return nil }
            counts[word] = number
        }
        if counts.isEmpty { return nil }
    }

    /// How many tests those are. An error after a test counts beside its outcome, and is no further test.
    func tally(teardownErrors: Int) -> TestTally {
        func count(_ words: Substring...) -> Int { words.reduce(0) { $0.adding(counts[$1] ?? 0) } }
        let failed = count("failed", "error", "errors")
        let run = Swift.max(0, count("passed", "xpassed").adding(failed) - teardownErrors)
        return TestTally(
            run: run, failed: Swift.min(failed, run), skipped: count("skipped", "xfailed", "deselected"))
    }

    private static let words: Set<Substring> = [
        "failed", "passed", "skipped", "deselected", "xfailed", "xpassed", "error", "errors", "warning", "warnings",
        "rerun", "subtests passed", "subtests failed", "subtests skipped",
    ]

    /// `0.04s`, `75.20s (0:01:15)`
    private static func isTime(_ text: Substring) -> Bool {
        let seconds = (text.cut(" (")?.before ?? text).before("s")
        return seconds.flatMap { Double($0) } != nil
    }
}
