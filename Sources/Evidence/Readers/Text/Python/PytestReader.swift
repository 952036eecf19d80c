import Session

/// Reads the output of pytest: verbose lines, those of xdist's workers, the sections about failures, the short summary
/// and the last line, each of which may be missing.
struct PytestReader: OutputReader {
    static let format = "pytest"

    private var findings = Findings()
    private var part = Part.progress
    private var sections = PytestSections()
    /// What failed in the session that goes on, in the order in which it was told, with what the short summary says.
    private var failed: [(id: Substring, message: Substring, isError: Bool)] = []
    private var failedIndices: [Substring: Int] = [:]
    /// How many tests the dots of the session tell of.
    private var dots = (run: 0, failed: 0, skipped: 0)
    private var wasSeen = false
    private var internalError: Substring?

    /// Between which headings the lines are.
    private enum Part {
        case progress, failures, errors, summary, other
    }

    var ownsLine: Bool { part == .failures || part == .errors || part == .other }

    mutating func read(_ line: Substring) -> Bool {
        // What follows a part that was left out may be of any part.
        if line.isOmission {
            part = .progress
            return false
        }
        if let title = Self.title(line) {
            return enter(title)
        }
        if let counts = PytestCounts(line) {
            return end(counts)
        }
        switch part {
        case .failures, .errors:
            sections.read(line, isError: part == .errors)
            return false
        case .summary, .progress: return readResult(line)
        case .other: return false
        }
    }

    mutating func finish() -> TestReading? {
        endSession()
        if let internalError { findings.add(TestFailure(name: "INTERNALERROR", message: String(internalError))) }
        return wasSeen ? findings.reading() : nil
    }

    // MARK: Parts

    /// `==== FAILURES ====`; the last line of a session looks the same.
    private static func title(_ line: Substring) -> Substring? {
        guard line.starts(with: "==="), line.ends(with: "===") else { return nil }
        let title = Substring(line.utf8.drop { $0 == 0x3D || $0 == 0x20 })
        guard let end = title.utf8.lastIndex(where: { $0 != 0x3D && $0 != 0x20 }) else { return nil }
        return title[...end]
    }

    private mutating func enter(_ title: Substring) -> Bool {
        sections.endSection()
        if let counts = PytestCounts(title) { return end(counts) }
        switch title {
        case "test session starts":
            endSession()
            part = .progress
        case "FAILURES": part = .failures
        case "ERRORS": part = .errors
        case "short test summary info": part = .summary
        // Others are about tests that passed, warnings and slow tests, or of another tool.
        default:
            guard part != .progress || title == "warnings summary" || title == "PASSES" else { return false }
            part = .other
            return false
        }
        wasSeen = true
        return true
    }

    private mutating func end(_ counts: PytestCounts) -> Bool {
        guard wasSeen || !findings.isEmpty || !failed.isEmpty || counts.isPlain else { return false }
        wasSeen = true
        let tally = counts.tally(teardownErrors: sections.teardownErrors)
        findings.count(run: tally.run, failed: tally.failed, skipped: tally.skipped)
        dots = (0, 0, 0)
        endSession()
        return true
    }

    private mutating func endSession() {
        for failure in failed {
            var told = sections.failure(failure.id, isError: failure.isError)
            if told.message.isEmpty { told.message = String(failure.message) }
            findings.add(told)
        }
        for failure in sections.remaining() { findings.add(failure) }
        if dots.run + dots.skipped > 0 { findings.count(run: dots.run, failed: dots.failed, skipped: dots.skipped) }
        (failed, failedIndices, dots, sections, part) = ([], [:], (0, 0, 0), PytestSections(), .progress)
    }

    // MARK: Lines

    private mutating func readResult(_ line: Substring) -> Bool {
        if readSummary(line) || readWorker(line) || readVerbose(line) || readDots(line) || readTrouble(line) {
            wasSeen = true
            return true
        }
        sections.readUntitled(line)
        return false
    }

    /// `FAILED tests/test_a.py::test_b - AssertionError: ...`
    private mutating func readSummary(_ line: Substring) -> Bool {
        if line.starts(with: "SUBFAIL") { return readSubtest(line) }
        guard let (status, rest) = line.cut(" "), let outcome = Self.outcome(status) else { return false }
        let (id, message) = Self.idAndMessage(rest)
        guard Self.isID(id) else { return false }
        if outcome == .skipped, id.starts(with: "[") { return false }
        take(id, outcome, message, isError: status == "ERROR")
        return true
    }

    /// `SUBFAILED(number=1) tests/test_a.py::test_b - assert 1 == 2`, or with a message of its own in brackets.
    private mutating func readSubtest(_ line: Substring) -> Bool {
        guard let (head, rest) = line.cut(") ") ?? line.cut("] ") ?? line.cut(" ") else { return false }
        let last = head.holds("(") ? ")" : head.holds("[") ? "]" : ""
        let (id, message) = Self.idAndMessage(rest)
        guard Self.isID(id), id.holds("::") else { return false }
        let subtest = (head.after("SUBFAILED") ?? head.after("SUBFAIL") ?? "").trimmed
        findings.add(id, .failed)
        let name = subtest.isEmpty ? String(id) : "\(id) \(subtest)\(last)"
        findings.add(TestFailure(name: name, message: String(message)))
        return true
    }

    /// `[gw1] [  7%] FAILED tests/test_a.py::test_b`
    private mutating func readWorker(_ line: Substring) -> Bool {
        guard let (worker, rest) = line.after("[gw")?.cut("] "), worker.leadingNumber?.rest.isEmpty == true,
            let result = rest.starts(with: "[") ? rest.cut("] ")?.after : rest,
            let (status, id) = result.cut(" "), let outcome = Self.outcome(status), Self.isID(id.trimmed)
        else { return false }
        take(id.trimmed, outcome, "", isError: status == "ERROR")
        return true
    }

    /// `tests/test_a.py::test_b FAILED        [  7%]`, `tests/test_a.py::test_b SKIPPED (reason)   [ 14%]`
    private mutating func readVerbose(_ line: Substring) -> Bool {
        guard line.holds("::") else { return false }
        let text = Self.withoutPercentage(line) ?? line.trimmed
        for status in ["PASSED", "FAILED", "ERROR", "SKIPPED", "XFAIL", "XPASS"] {
            let id: Substring
            if let before = text.before(" \(status)") {
                id = before
            } else if let (before, _) = text.cut(" \(status) (") {
                id = before
            } else {
                continue
            }
            guard Self.isID(id), let outcome = Self.outcome(status[...]) else { return false }
            take(id, outcome, "", isError: status == "ERROR")
            return true
        }
        return false
    }

    /// `tests/test_a.py F.FxXEs.    [ 85%]`, or without a file.
    private mutating func readDots(_ line: Substring) -> Bool {
        guard let text = Self.withoutPercentage(line) else { return false }
        let marks = text.cutLast(" ")?.after ?? text
        guard !marks.isEmpty, marks.utf8.allSatisfy({ ".FEsxX".utf8.contains($0) }) else { return false }
        for mark in marks.utf8 {
            switch mark {
            case UInt8(ascii: "F"), UInt8(ascii: "E"): dots = (dots.run + 1, dots.failed + 1, dots.skipped)
            case UInt8(ascii: "s"), UInt8(ascii: "x"): dots.skipped += 1
            default: dots.run += 1
            }
        }
        return true
    }

    /// What keeps pytest from running tests at all.
    private mutating func readTrouble(_ line: Substring) -> Bool {
        if let path = line.after("ERROR: file or directory not found: ") {
            findings.add(TestFailure(name: String(path), message: "file or directory not found"))
            return true
        }
        if let rest = line.after("ERROR: not found: ") {
            findings.add(TestFailure(name: String(rest), message: "not found"))
            return true
        }
        if let text = line.after("INTERNALERROR> ") {
            if text.indentation == 0, !text.isEmpty { internalError = text }
            return true
        }
        if let path = line.after("ImportError while loading conftest '")?.before("'.") {
            sections.startConftest(path)
            return true
        }
        return false
    }

    private mutating func take(
        _ id: Substring, _ outcome: TestCase.Outcome, _ message: Substring, isError: Bool
    ) {
        // A module that cannot be collected is no test that another run could be compared by.
        if id.holds("::") { findings.add(id, outcome) }
        guard outcome == .failed else { return }
        if let index = failedIndices[id] {
            if failed[index].message.isEmpty { failed[index].message = message }
        } else if failed.count < Findings.failureLimit {
            failedIndices[id] = failed.count
            failed.append((id, message, isError))
        }
    }

    // MARK: Words

    private static func outcome(_ status: Substring) -> TestCase.Outcome? {
        switch status {
        case "PASSED", "XPASS": .passed
        case "FAILED", "ERROR": .failed
        case "SKIPPED", "XFAIL": .skipped
        default: nil
        }
    }

    /// The test and what follows ` - `; the text of a parameter may hold that too.
    private static func idAndMessage(_ rest: Substring) -> (id: Substring, message: Substring) {
        if let (before, _) = rest.cut("["), before.holds("::"), !before.holds(" - "),
            let (id, message) = rest.cut("] - ")
        {
            return (rest[..<rest.index(after: id.endIndex)], message)
        }
        if let (before, _) = rest.cut("["), before.holds("::"), !before.holds(" - "), rest.ends(with: "]") {
            return (rest, "")
        }
        return rest.cut(" - ") ?? (rest, "")
    }

    /// Whether a text is `tests/test_a.py::Class::test_b[parameter]`, `README.md::README.md` or a file alone.
    private static func isID(_ text: Substring) -> Bool {
        guard let (file, test) = text.cut("::") else { return text.ends(with: ".py") && !text.holds(" ") }
        return file.holds(".") && !file.holds(": ") && !test.isEmpty && !file.starts(with: " ")
            && !(test.cut("[")?.before ?? test).holds(" ")
    }

    /// What stands before `  [ 85%]`; nil without it.
    private static func withoutPercentage(_ line: Substring) -> Substring? {
        guard let (before, percentage) = line.before("%]")?.cutLast("["),
            percentage.trimmed.leadingNumber?.rest.isEmpty == true
        else { return nil }
        return before.trimmed
    }
}
