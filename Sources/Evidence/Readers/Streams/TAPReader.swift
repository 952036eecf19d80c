import Session

/// Reads the Test Anything Protocol, versions 12 to 14 (testanything.org), as Perl, bats, node, tape, pgTAP and others
/// print it: plans, directives, subtests, blocks of YAML, and the comments that tell where a test has failed.
struct TAPReader: OutputReader {
    static let format = "tap"

    private var points = TAPPoints()
    private var block: TAPBlock?
    private var isProven = false
    private var plans: [TAPPlan] = []
    private var bailOut: String?
    /// The name in the last comment such as `Failed test 'adds'`, which stands before its place.
    private var named: String?

    /// Subtests that are nested more deeply are read as if they were not.
    private static let indentLimit = 64

    mutating func read(_ line: Substring) -> Bool {
        if block?.read(line) == true {
            if block?.isWhole == true { takeBlock() }
            return true
        }
        if block != nil { takeBlock() }
        let indent = min(line.indentation, Self.indentLimit)
        let text = line.trimmed
        if text.starts(with: "#") { return comment(text.dropFirst().trimmed, indent: indent) }
        if let point = TAPPoint(text, indent: indent, isLoose: isProven) {
            points.add(point)
            if !point.isPassed || indent == 0 { named = nil }
            return !point.isPassed || isProven
        }
        if text == "---", !points.isEmpty, line.indentation > points.lastIndent {
            block = TAPBlock(indent: line.indentation)
            return true
        }
        if let plan = TAPPlan(text) {
            // The numbers of a stream begin anew behind a plan at its end.
            if indent == 0 { plans.append(plan) }
            isProven = true
            return true
        }
        if text.starts(with: "TAP version 1") {
            isProven = true
            return true
        }
        if let reason = text.after("Bail out!"), isProven || !points.isEmpty {
            bailOut = String(reason.trimmed)
            return true
        }
        return false
    }

    /// Takes a comment, which may tell where a test has failed.
    private mutating func comment(_ text: Substring, indent: Int) -> Bool {
        guard !points.isEmpty else { return false }
        // Of Perl: `Failed test 'adds'`, and then `at t/calc.t line 7.`, which may also come on the other stream.
        if let name = (text.after("Failed test '") ?? text.after("Failed test (todo) '")), let end = name.cutLast("'") {
            named = String(end.before)
            return true
        }
        if let rest = text.after("at "), let (file, after) = rest.cutLast(" line "),
            let (line, end) = after.leadingNumber, end.isEmpty || end.starts(with: ".")
        {
            points.place(file: String(file), line: line, ofFailureNamed: named)
            return true
        }
        // Of bats: `(in test file test/calc.bats, line 5)`.
        if let rest = text.after("(in test file ") ?? text.after("(from function "),
            let (before, after) = rest.cutLast(", line "), let (line, _) = after.leadingNumber
        {
            let file = before.cutLast(" file ")?.after ?? before
            points.place(file: String(file), line: line, ofFailureNamed: nil)
            return true
        }
        points.note(text, ofFailureNamed: named)
        return false
    }

    private mutating func takeBlock() {
        if let block { points.take(block) }
        block = nil
    }

    mutating func finish() -> TestReading? {
        if block != nil { takeBlock() }
        guard isProven || points.hasFailure else { return nil }
        var findings = Findings()
        points.report(into: &findings, countsTests: isProven)
        if let bailOut { findings.add(TestFailure(name: "Bail out!", message: bailOut)) }
        // With several streams in one output, nobody knows which points belong to which plan.
        if plans.count == 1, let plan = plans.first {
            let missing = plan.count - points.outerCount
            if missing > 0 {
                findings.add(
                    TestFailure(
                        name: "1..\(plan.count)", message: "\(missing) of \(plan.count) planned tests did not run"))
            }
        }
        if plans.contains(where: { $0.count > 0 }) || !findings.isEmpty { return findings.reading() }
        return isProven && plans.isEmpty ? nil : TestReading(tally: TestTally(run: 0, failed: 0))
    }
}
