import Session

/// Reads the output of cargo-nextest.
///
/// A test is named as nextest does, with its program: `calc::integration adds_outside`.
struct NextestReader: OutputReader {
    static let format = "nextest"

    private var findings = Findings()
    private var isSeen = false
    /// The failure whose output comes now.
    private var open: (name: String, panic: RustPanic)?
    /// What failed in a try and may pass in the next one.
    private var tries: [String: RustPanic] = [:]
    private var order: [String] = []

    var ownsLine: Bool { open != nil }

    mutating func read(_ line: Substring) -> Bool {
        let text = line.trimmed
        if text.starts(with: "Nextest run ID ") || (text.starts(with: "Starting ") && text.holds(" tests across ")) {
            isSeen = true
            return true
        }
        guard isSeen else { return false }
        if let summary = text.after("Summary ["), let counts = summary.cut("] ")?.after { return readSummary(counts) }
        if readTest(text) { return true }
        if text.starts(with: "Cancelling ") || text.starts(with: "────") || line == "error: test run failed" { close() }
        // The output of a test is indented.
        _ = open?.panic.read(line.after("    ") ?? line)
        return false
    }

    mutating func finish() -> TestReading? {
        close()
        for name in order {
            guard let panic = tries[name] else { continue }
            findings.add(name, .failed)
            findings.add(panic.failure(named: name))
        }
        return findings.isEmpty ? nil : findings.reading()
    }

    /// `FAIL [   0.129s] (1/9) calc tests::adds`, `TRY 2 FAIL [   0.109s] (2/9) calc tests::adds`
    private mutating func readTest(_ text: Substring) -> Bool {
        guard let (status, rest) = text.cut(" ["), status.utf8.count < 20, let (time, after) = rest.cut("] "),
            time.trimmed.before("s").flatMap({ Double($0) }) != nil
        else { return false }
        var name = after.trimmed
        if name.starts(with: "("), let (_, behind) = name.cut(") ") { name = behind.trimmed }
        guard let kind = status.words.last, let outcome = Self.outcomes[kind] ?? Self.outcome(status) else {
            return false
        }
        close()
        if outcome == .failed {
            open = (String(name), RustPanic())
        } else {
            // It has passed in the end.
            tries[String(name)] = nil
            findings.add(name, outcome)
        }
        return true
    }

    private static let outcomes: [Substring: TestCase.Outcome] = [
        "PASS": .passed, "FAIL": .failed, "LEAK": .passed, "SKIP": .skipped, "TIMEOUT": .failed, "ABORT": .failed,
        "XFAIL": .failed,
    ]

    private static func outcome(_ status: Substring) -> TestCase.Outcome? {
        if status.starts(with: "FLAKY") { return .passed }
        return status.starts(with: "SIG") ? .failed : nil
    }

    /// `9 tests run: 3 passed, 6 failed, 1 skipped`
    private mutating func readSummary(_ counts: Substring) -> Bool {
        close()
        guard let (head, list) = counts.cut(" run: "), let run = head.leadingNumber?.number else { return false }
        var failed = 0
        var skipped = 0
        for part in list.utf8.split(separator: UInt8(ascii: ",")) {
            guard let (number, rest) = Substring(part).trimmed.leadingNumber, let word = rest.words.first else {
                continue
            }
            if word == "skipped" {
                skipped = number
            } else if word != "passed" {
                failed = failed.adding(number)
            }
        }
        findings.count(run: run, failed: failed, skipped: skipped)
        return true
    }

    private mutating func close() {
        guard let ended = open else { return }
        open = nil
        if order.count < Findings.failureLimit, tries[ended.name] == nil { order.append(ended.name) }
        if !ended.panic.isEmpty || tries[ended.name] == nil { tries[ended.name] = ended.panic }
    }
}
