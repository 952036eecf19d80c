import Session

/// Reads the output of Rust's test harness, which `cargo test` runs once for each program of tests.
struct CargoTestReader: OutputReader {
    static let format = "cargo test"

    private var findings = Findings()
    /// The failure whose output comes now.
    private var open: (name: Substring, panic: RustPanic)?
    private var announced: Substring?
    private var isInFailures = false
    /// Programs have tests of the same name; the second one is another test.
    private var programCount = 0
    private var programs: [Substring: Int] = [:]
    /// nextest runs each test on its own and counts them itself.
    private var isNextest = false
    private var signal: TestFailure?

    var ownsLine: Bool { isInFailures }

    mutating func read(_ line: Substring) -> Bool {
        if line.isOmission { close() }
        if line.trimmed.starts(with: "Nextest run ID ") { isNextest = true }
        guard !isNextest else { return false }
        if let (count, rest) = line.after("running ")?.leadingNumber, rest == " tests" || rest == " test" {
            close()
            programCount += 1
            return count > 0
        }
        if let result = line.after("test result: ") { return readResult(result) }
        if line == "failures:" {
            close()
            isInFailures = true
            return false
        }
        if let name = line.after("---- ")?.before(" ----").map({ $0.before(" stdout") ?? $0 }) {
            close()
            isInFailures = true
            open = (name, RustPanic())
            return true
        }
        if open != nil {
            _ = open?.panic.read(line)
            return false
        }
        return readTest(line) || readSignal(line)
    }

    mutating func finish() -> TestReading? {
        close()
        if let signal, findings.failures.isEmpty { findings.add(signal) }
        return findings.isEmpty ? nil : findings.reading()
    }

    /// `test tests::adds ... FAILED`, `tests::adds --- FAILED`
    private mutating func readTest(_ line: Substring) -> Bool {
        if let name = line.before(" --- FAILED"), !name.holds(" ") { return take(name, "FAILED") }
        if let rest = line.after("test "),
            let (name, outcome) = rest.cutLast(" ... ") ?? rest.before(" ...").map({ ($0, "") })
        {
            announced = name
            return take(name, outcome)
        }
        // What a test prints without capture stands between its name and its outcome.
        guard let name = announced else { return false }
        return take(name, line)
    }

    private mutating func take(_ printed: Substring, _ told: Substring) -> Bool {
        let outcome: TestCase.Outcome
        switch told {
        case "ok": outcome = .passed
        case "FAILED": outcome = .failed
        default:
            guard told.starts(with: "ignored") || told.starts(with: "bench: ") else { return false }
            outcome = told.starts(with: "ignored") ? .skipped : .passed
        }
        announced = nil
        let name = whole(printed.before(" - should panic") ?? printed)
        findings.add(name, outcome)
        if outcome == .failed { findings.add(TestFailure(name: name)) }
        return true
    }

    /// The name, with a number where an earlier program has a test of the same name.
    private mutating func whole(_ name: Substring) -> String {
        // The list of failures stands behind all names of the program.
        guard let first = programs[name] else {
            programs[name] = programCount
            return String(name)
        }
        return first == programCount ? String(name) : "\(name) (\(programCount - first + 1))"
    }

    /// `FAILED. 1 passed; 5 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.06s`
    private mutating func readResult(_ result: Substring) -> Bool {
        close()
        isInFailures = false
        announced = nil
        guard let (_, list) = result.cut(". ") else { return false }
        var counts: [Substring: Int] = [:]
        for part in list.utf8.split(separator: UInt8(ascii: ";")) {
            guard let (number, rest) = Substring(part).trimmed.leadingNumber else { continue }
            counts[rest.trimmed] = number
        }
        guard let passed = counts["passed"], let failed = counts["failed"] else { return false }
        findings.count(
            run: passed.adding(failed).adding(counts["measured"] ?? 0), failed: failed,
            skipped: (counts["ignored"] ?? 0).adding(counts["filtered out"] ?? 0))
        return true
    }

    /// `  process didn't exit successfully: `/target/debug/deps/calc-0123` (signal: 6, SIGABRT: process abort signal)`
    private mutating func readSignal(_ line: Substring) -> Bool {
        guard let (program, reason) = line.trimmed.after("process didn't exit successfully: `")?.cut("` ("),
            reason.starts(with: "signal: ")
        else { return false }
        signal = TestFailure(name: String(program), message: String(reason.before(")") ?? reason))
        return true
    }

    private mutating func close() {
        guard let ended = open else { return }
        open = nil
        findings.add(ended.panic.failure(named: whole(ended.name)))
    }
}
