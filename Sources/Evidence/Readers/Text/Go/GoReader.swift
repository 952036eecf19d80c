import Session

/// Reads the output of `go test`, plain and with `-v`, and what `go build` and `go vet` say of packages.
///
/// A test is named with its package, `example.com/calc.TestAdds/small`, where the package's last line was printed.
/// Without `-v` only tests that fail are told, so that nothing is counted.
struct GoReader: OutputReader {
    static let format = "go"

    private var findings = Findings()
    private var errors = GoPackageErrors()
    private var crash = GoCrash()
    private var wasSeen = false
    /// Whether tests that pass are told too.
    private var isVerbose = false
    /// The tests of the package that goes on, in order, and where each is in the list.
    private var tests: [GoTest] = []
    private var indices: [Substring: Int] = [:]
    /// The test that lines belong to now.
    private var current: Int?
    /// How many tests of the package have begun and not ended.
    private var runningCount = 0
    private var exitLine: Substring = ""

    var ownsLine: Bool { (isVerbose && runningCount > 0) || crash.isOpen || errors.ownsLine }

    mutating func read(_ line: Substring) -> Bool {
        if line.isOmission { runningCount = 0 }
        if readEvent(line) || readPackage(line) {
            wasSeen = true
            return true
        }
        if crash.read(line) {
            wasSeen = wasSeen || crash.isCertain
            return crash.isCertain
        }
        if errors.read(line) {
            wasSeen = true
            return true
        }
        if line.starts(with: "exit status ") { exitLine = line }
        if let current { tests[current].read(line) }
        return false
    }

    mutating func finish() -> TestReading? {
        endPackage(named: nil, hasFailed: false)
        for failure in errors.all { findings.add(failure) }
        if let failure = crash.failure(inTest: nil) { findings.add(failure) }
        guard wasSeen || !findings.isEmpty else { return nil }
        return findings.reading(countingCases: false)
    }

    // MARK: Lines

    /// `=== RUN   TestAdds`, `    --- FAIL: TestAdds/small (0.00s)`
    private mutating func readEvent(_ line: Substring) -> Bool {
        if let rest = line.after("=== ") {
            guard let (action, name) = rest.cut(" "), ["RUN", "CONT", "NAME", "PAUSE"].contains(action) else {
                return false
            }
            if action == "RUN" {
                isVerbose = true
                runningCount += 1
            }
            current = index(of: name.trimmed)
            return true
        }
        guard let rest = line.trimmed.after("--- "), let (status, name) = rest.cut(": "),
            ["FAIL", "PASS", "SKIP"].contains(status)
        else { return false }
        let index = index(of: (name.cutLast(" (")?.before ?? name).trimmed)
        runningCount = Swift.max(0, runningCount - 1)
        current = index
        guard let index else { return true }
        tests[index].outcome = status == "FAIL" ? .failed : status == "PASS" ? .passed : .skipped
        if status == "FAIL" { tests[index].race = crash.takeRace() }
        return true
    }

    /// `ok  	example.com/calc	0.003s`, `FAIL	example.com/calc	0.003s`, `FAIL	example.com/calc [build failed]`
    private mutating func readPackage(_ line: Substring) -> Bool {
        if let rest = line.after("FAIL\t") {
            let name = rest.cut("\t")?.before ?? rest.cut(" ")?.before ?? rest
            if let (_, reason) = rest.cut(" ["), let reason = reason.before("]") {
                errors.packageFailed(name, reason)
            } else {
                endPackage(named: name, hasFailed: true)
            }
            return true
        }
        if let rest = line.after("ok  \t") ?? line.after("---\t") {
            endPackage(named: rest.cut("\t")?.before ?? rest, hasFailed: false)
            return true
        }
        return line.starts(with: "?   \t") || line == "testing: warning: no tests to run"
    }

    private mutating func index(of name: Substring) -> Int? {
        if let index = indices[name] { return index }
        guard !name.isEmpty, tests.count < Findings.caseLimit else { return nil }
        indices[name] = tests.count
        tests.append(GoTest(name: name))
        return tests.count - 1
    }

    /// Takes the tests that were told since the last package.
    private mutating func endPackage(named package: Substring?, hasFailed: Bool) {
        let prefix = package.map { "\($0)." } ?? ""
        let panicked = crash.testName ?? tests.last { $0.outcome == nil || $0.outcome == .failed }?.name
        var parents: Set<Substring> = []
        var failedParents: Set<Substring> = []
        for test in tests {
            guard let parent = test.name.cutLast("/")?.before else { continue }
            parents.insert(parent)
            if test.outcome == .failed { failedParents.insert(parent) }
        }
        var count = (run: 0, failed: 0, skipped: 0)
        var toldOne = false
        for test in tests {
            let isPanicked = test.name == panicked
            // One that has begun and was not heard of again broke off; the others of the package did with it.
            let outcome = test.outcome ?? (isPanicked && crash.isCertain ? .failed : nil)
            guard let outcome else { continue }
            findings.add(prefix + test.name, outcome)
            if !parents.contains(test.name) {
                switch outcome {
                case .skipped: count.skipped += 1
                case .failed: count = (count.run + 1, count.failed + 1, count.skipped)
                case .passed: count.run += 1
                }
            }
            guard outcome == .failed else { continue }
            toldOne = true
            if isPanicked, let failure = crash.failure(inTest: "\(prefix)\(test.name)") {
                findings.add(failure)
            } else if !failedParents.contains(test.name) || test.isTold {
                // A test whose subtests fail fails with them; it counts where it says something of its own.
                findings.add(test.failure(named: "\(prefix)\(test.name)"))
            }
        }
        if hasFailed, let package {
            let crashed = crash.testName.map { prefix + $0 } ?? String(package)
            if let failure = crash.failure(inTest: crashed) {
                findings.add(failure)
            } else if !toldOne {
                findings.add(TestFailure(name: String(package), message: String(exitLine)))
            }
        }
        if isVerbose, !tests.isEmpty {
            findings.count(run: count.run, failed: count.failed, skipped: count.skipped)
        }
        if package != nil { crash = GoCrash() }
        (tests, indices, current, runningCount, exitLine) = ([], [:], nil, 0, "")
    }
}
