import Session

/// Reads the output of Python's `unittest`, which Django's and others' runners print too.
///
/// Its summary counts each failing subtest, and tests that were skipped as run; what is counted here are tests.
struct UnittestReader: OutputReader {
    static let format = "unittest"

    private var findings = Findings()
    private var section: Section?
    private var announced: Substring?
    private var afterRule = false
    private var runCount: Int?
    private var hasSubtests = false
    /// The tests of the run that goes on that have failed; several subtests of one are one.
    private var failedTests: Set<Substring> = []

    /// A failure whose report is being read.
    private struct Section {
        var name: Substring
        var traceback = PythonTraceback()
        /// Whether the line below the heading has been passed, which a docstring stands in front of.
        var isBelowLine = false
    }

    var ownsLine: Bool { section != nil }

    mutating func read(_ line: Substring) -> Bool {
        // The report of a failure may have ended in a part that was left out.
        if line.isOmission { endSection() }
        if line.starts(with: "=====") || line.starts(with: "-----") { return readRule(line) }
        defer { afterRule = false }
        if let (run, rest) = line.after("Ran ")?.leadingNumber, rest.starts(with: " test"), rest.holds(" in ") {
            endSection()
            runCount = run
            return true
        }
        if runCount != nil, let counts = Self.counts(line) {
            finishRun(counts)
            return true
        }
        if let heading = Self.heading(line), afterRule || section == nil {
            endSection()
            start(heading)
            return true
        }
        if section != nil {
            _ = section?.traceback.read(line)
            return false
        }
        return readProgress(line)
    }

    mutating func finish() -> TestReading? {
        endSection()
        return findings.isEmpty ? nil : findings.reading()
    }

    private mutating func readRule(_ line: Substring) -> Bool {
        if line.starts(with: "=") {
            endSection()
            afterRule = true
        } else if section?.isBelowLine == false {
            section?.isBelowLine = true
        } else {
            endSection()
        }
        return false
    }

    private mutating func start(_ heading: (kind: Substring, name: Substring)) {
        let test = Self.test(of: heading.name)
        failedTests.insert(test)
        if test != heading.name { hasSubtests = true }
        section = Section(name: heading.name)
        if heading.kind == "UNEXPECTED SUCCESS" {
            findings.add(TestFailure(name: String(heading.name), message: "unexpected success"))
        }
        findings.add(test, .failed)
    }

    private mutating func endSection() {
        guard let ended = section else { return }
        section = nil
        findings.add(TestFailure(name: ended.name, ended.traceback))
    }

    private mutating func finishRun(_ counts: [Substring: Int]) {
        let told = ["failures", "errors", "unexpected successes"].reduce(0) { $0.adding(counts[$1[...]] ?? 0) }
        let failed = hasSubtests ? Swift.min(told, failedTests.count) : told
        let skipped = (counts["skipped"] ?? 0).adding(counts["expected failures"] ?? 0)
        // A class that cannot be set up is an error, and none of the tests that were run.
        let others = failedTests.count { test in Self.settings.contains { test.starts(with: $0) } }
        let run = Swift.max((runCount ?? 0) - skipped + others, failed)
        findings.count(run: run, failed: failed, skipped: skipped)
        (runCount, hasSubtests, failedTests) = (nil, false, [])
    }

    /// `test_a (module.Class.test_a) ... ok`, where a docstring stands on a line of its own in front of the dots.
    private mutating func readProgress(_ line: Substring) -> Bool {
        if Self.isTest(line) {
            announced = line
            return false
        }
        guard let (before, outcome) = line.cutLast(" ... ") ?? line.before(" ...").map({ ($0, "") }) else {
            // What a test prints may come between its name and its outcome.
            guard let name = announced, let told = Self.outcome(line) else { return false }
            announced = nil
            return take(name, told, name)
        }
        let name = Self.isTest(Self.test(of: before)) ? Self.test(of: before) : announced
        announced = nil
        guard let name else { return false }
        guard let told = Self.outcome(outcome) else {
            announced = name
            return false
        }
        return take(name, told, Self.isTest(Self.test(of: before)) ? before.trimmed : name)
    }

    private mutating func take(_ test: Substring, _ outcome: TestCase.Outcome, _ name: Substring) -> Bool {
        findings.add(test, outcome)
        if outcome == .failed { findings.add(TestFailure(name: String(name))) }
        return true
    }

    private static let settings = ["setUpClass (", "tearDownClass (", "setUpModule (", "tearDownModule ("]

    private static func outcome(_ text: Substring) -> TestCase.Outcome? {
        switch text {
        case "ok": .passed
        case "FAIL", "ERROR", "unexpected success": .failed
        case "expected failure": .skipped
        default: text.starts(with: "skipped") ? .skipped : nil
        }
    }

    /// `FAIL: test_a (module.Class.test_a)`, with what tells subtests apart behind it.
    private static func heading(_ line: Substring) -> (kind: Substring, name: Substring)? {
        guard let (kind, name) = line.cut(": "), kind == "FAIL" || kind == "ERROR" || kind == "UNEXPECTED SUCCESS",
            isTest(test(of: name))
        else { return nil }
        return (kind, name)
    }

    /// The name up to the end of its first parentheses.
    private static func test(of name: Substring) -> Substring {
        guard let (_, after) = name.cut(")") else { return name }
        return name[..<after.startIndex].trimmed
    }

    /// Whether a text is `test_a (module.Class.test_a)`: one word, and one in parentheses.
    private static func isTest(_ text: Substring) -> Bool {
        guard let (name, place) = text.before(")")?.cut(" ("), !name.isEmpty, !place.isEmpty else { return false }
        if name.holds(" ") || name.holds("\t") || place.holds(" ") || place.holds("(") { return false }
        return place.holds(".") || settings.contains { text.starts(with: $0) }
    }

    /// `OK (skipped=1)`, `FAILED (failures=1, expected failures=2)`, `NO TESTS RAN`.
    private static func counts(_ line: Substring) -> [Substring: Int]? {
        if line == "OK" || line == "FAILED" || line.starts(with: "NO TESTS RAN") { return [:] }
        guard let list = (line.after("OK (") ?? line.after("FAILED ("))?.before(")") else { return nil }
        var counts: [Substring: Int] = [:]
        for part in list.utf8.split(separator: UInt8(ascii: ",")) {
            guard let (name, number) = Substring(part).trimmed.cut("="), let value = Int(number) else { return nil }
            counts[name] = value
        }
        return counts
    }
}
