import Session

/// Reads what Jest prints: `FAIL file`, then `● suite › test` and the reason of each failure, then `Tests: 1 failed`.
///
/// The file belongs to the name, as titles of different files are often the same.
struct JestReader: OutputReader {
    static let format = "jest"

    /// How deep suites may be nested to be read.
    private static let depthLimit = 20

    private var findings = Findings()
    private var unsettled = UnsettledFailures()
    /// The file whose results are told, and whether it failed.
    private var file: (name: Substring, failed: Bool)?
    /// The suites around the next test in the tree that is printed for a file; nil outside of a tree.
    private var suites: [Substring]?
    private var failedSuites = 0
    /// Whether what tests have printed is being passed over.
    private var isInConsole = false
    private var followsDetails = false

    mutating func read(_ line: Substring) -> Bool {
        if let (name, failed) = Self.file(line) {
            endFailure()
            isInConsole = false
            file = (name, failed)
            suites = []
            return true
        }
        if line.starts(with: "Test Suites: ") || line.starts(with: "Tests: ") { return readSummary(line) }
        guard let file else { return false }
        if let title = line.after("  ● ") {
            suites = nil
            begin(title, in: file.name, failed: file.failed)
            return true
        }
        if suites != nil { return readTree(line, of: file.name) }
        readReason(line, of: file.name)
        return false
    }

    var ownsLine: Bool { isInConsole || unsettled.open != nil }

    mutating func finish() -> TestReading? {
        endFailure()
        unsettled.settle(into: &findings)
        return findings.isEmpty ? nil : findings.reading(countingCases: false)
    }

    /// `FAIL ./a.test.js (5.2 s)`, `PASS unit src/b.test.ts`; in colours with a space in front.
    private static func file(_ line: Substring) -> (Substring, Bool)? {
        let text = line.after(" ") ?? line
        guard let rest = text.after("FAIL ") ?? text.after("PASS ") else { return nil }
        let words = (rest.cut(" (")?.before ?? rest).words
        guard words.count < 3, let name = words.last, name.holds("."), !name.ends(with: ":"), !name.ends(with: "]")
        else { return nil }
        return (name.after("./") ?? name, text.starts(with: "F"))
    }

    /// Ends a failure; of one without a place at least the file is known.
    private mutating func endFailure() {
        if let file { unsettled.open?.setPlace(file.name, nil) }
        unsettled.end()
    }

    private mutating func begin(_ title: Substring, in file: Substring, failed: Bool) {
        endFailure()
        followsDetails = false
        isInConsole = title == "Console"
        guard failed, !isInConsole, !title.trimmed.starts(with: "Cannot log after tests are done") else { return }
        let isSuite = title == "Test suite failed to run"
        unsettled.begin(FailureBlock(name: isSuite ? file : "\(file) › \(title)", indentation: 4))
    }

    private mutating func readReason(_ line: Substring, of file: Substring) {
        guard var block = unsettled.open else { return }
        defer { unsettled.open = block }
        if ScriptFrame.isFrame(line) {
            if let frame = ScriptFrame(line), !frame.isForeign { block.setPlace(frame.file, frame.line) }
            return
        }
        // A compiler that Jest calls tells the place in front.
        if let (text, _) = line.trimmed.cut(" - error "), let frame = ScriptFrame(place: text) {
            block.setPlace(frame.file, frame.line)
        }
        // "Jest encountered an unexpected token" says less than what follows its advice.
        if line.trimmed == "Details:" {
            followsDetails = true
        } else if followsDetails, !line.trimmed.isEmpty {
            followsDetails = false
            block.setMessage(line.trimmed)
            if let place = line.trimmed.before(")")?.cutLast("("), let (number, column) = place.after.cut(":"),
                let line = Int(number), Int(column) != nil
            {
                block.setPlace(file, line)
            }
        } else {
            block.add(line)
        }
    }

    /// `  suite` and `    ✓ test (3 ms)`, as deep as they are nested.
    private mutating func readTree(_ line: Substring, of file: Substring) -> Bool {
        let depth = line.indentation / 2 - 1
        guard (0..<Self.depthLimit).contains(depth), let around = suites?.prefix(depth) else {
            suites = nil
            return false
        }
        let title = line.trimmed
        guard let (outcome, name) = Self.result(title) else {
            suites = around + [title]
            return false
        }
        findings.add(([file] + around + [name]).joined(separator: " › "), outcome)
        return true
    }

    private static func result(_ title: Substring) -> (TestCase.Outcome, Substring)? {
        for (mark, outcome) in [("✓ ", TestCase.Outcome.passed), ("√ ", .passed), ("✕ ", .failed), ("× ", .failed)] {
            if let name = title.after(mark) { return (outcome, name.withoutDuration) }
        }
        for mark in ["○ skipped ", "○ disabled ", "✎ todo "] {
            if let name = title.after(mark) { return (.skipped, name) }
        }
        return nil
    }

    /// `Test Suites: 1 failed, 1 total` and `Tests:       1 failed, 1 skipped, 2 passed, 4 total`
    private mutating func readSummary(_ line: Substring) -> Bool {
        guard let (label, list) = line.cut(":"), list.ends(with: " total"), let counts = Counts(list) else {
            return false
        }
        endFailure()
        isInConsole = false
        file = nil
        suites = nil
        if label == "Test Suites" {
            failedSuites = counts["failed"] ?? 0
            return true
        }
        let failed = counts["failed"] ?? 0
        findings.count(
            run: failed.adding(counts["passed"] ?? 0), failed: failed,
            skipped: (counts["skipped"] ?? 0).adding(counts["todo"] ?? 0))
        if failed == 0, failedSuites == 0 { unsettled.drop() }
        unsettled.settle(into: &findings)
        failedSuites = 0
        return true
    }
}
