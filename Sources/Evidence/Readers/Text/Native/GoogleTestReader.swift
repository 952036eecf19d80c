import Session

/// Reads the output of programs with GoogleTest.
struct GoogleTestReader: OutputReader {
    static let format = "googletest"

    private var findings = Findings()
    private var wasSeen = false
    /// The test that runs now.
    private var current: Substring?
    private var open: Failure?
    private var lastLine: Substring = ""
    /// What the last lines of a run have said, until it is counted.
    private var run: (total: Int, passed: Int?, skipped: Int, disabled: Int)?

    private struct Failure {
        var place: (file: Substring, line: Int)?
        var message: Substring = ""
        var excerpt = Excerpt()
        var lineCount = 0
    }

    /// The most lines of a message that are put into one.
    private static let messageLines = 6

    var ownsLine: Bool { current != nil }

    mutating func read(_ line: Substring) -> Bool {
        if line.isOmission { current = nil }
        if line.starts(with: "["), let (mark, text) = line.after("[")?.cut("] "), mark.utf8.count == 10 {
            return readMark(mark.trimmed, text)
        }
        if let (count, rest) = line.after("  YOU HAVE ")?.leadingNumber, rest.starts(with: " DISABLED TEST") {
            run?.disabled = count
            return true
        }
        if let place = Self.failurePlace(line) {
            wasSeen = wasSeen || current != nil
            guard open == nil else {
                open?.excerpt.add(line)
                open?.lineCount = Self.messageLines
                return false
            }
            open = Failure(place: place.place)
            open?.excerpt.add(line)
            return false
        }
        if open != nil { readMessage(line) }
        if !line.isEmpty { lastLine = line }
        return false
    }

    mutating func finish() -> TestReading? {
        breakOff()
        countRun()
        return wasSeen ? findings.reading() : nil
    }

    private mutating func readMark(_ mark: Substring, _ text: Substring) -> Bool {
        switch mark {
        case "RUN":
            breakOff()
            guard let name = Self.name(text) else { return false }
            (current, open, lastLine) = (name, nil, "")
        case "OK", "SKIPPED", "DISABLED": return readPassed(mark, text)
        case "FAILED": return readFailed(text)
        case "PASSED": run?.passed = text.leadingNumber?.number
        case "==========":
            if text.starts(with: "Running ") {
                breakOff()
                countRun()
            } else if let total = text.leadingNumber?.number, text.holds(" ran.") {
                countRun()
                run = (total, nil, 0, 0)
            }
        case "----------": break
        default: return false
        }
        wasSeen = true
        return true
    }

    private mutating func readPassed(_ mark: Substring, _ text: Substring) -> Bool {
        guard let name = Self.name(text) else {
            if mark == "SKIPPED", let count = text.leadingNumber?.number { run?.skipped = count }
            return true
        }
        findings.add(name, mark == "OK" ? .passed : .skipped)
        if name == current { (current, open) = (nil, nil) }
        return true
    }

    private mutating func readFailed(_ text: Substring) -> Bool {
        guard let name = Self.name(text) else { return text.leadingNumber != nil }
        // A test may print the mark too.
        if let current, current != name { return false }
        findings.add(name, .failed)
        let told = open ?? Failure()
        findings.add(
            TestFailure(
                name: String(name), message: String(told.message), file: told.place.map { String($0.file) },
                line: told.place?.line, excerpt: told.excerpt.text))
        (current, open, wasSeen) = (nil, nil, true)
        return true
    }

    private mutating func readMessage(_ line: Substring) {
        guard var failure = open else { return }
        defer { open = failure }
        failure.excerpt.add(line)
        guard failure.lineCount < Self.messageLines, !line.isEmpty else { return }
        failure.lineCount += 1
        failure.message = failure.message.isEmpty ? line.trimmed : "\(failure.message) \(line.trimmed)"[...]
    }

    /// A test that has begun and not ended took the program with it.
    private mutating func breakOff() {
        guard let name = current else { return }
        findings.add(name, .failed)
        findings.add(
            TestFailure(name: String(name), message: lastLine.isEmpty ? "did not end" : "did not end: \(lastLine)"))
        (current, open) = (nil, nil)
    }

    private mutating func countRun() {
        guard let ended = run, let passed = ended.passed else { return }
        let ran = Swift.max(0, ended.total - ended.skipped)
        findings.count(run: ran, failed: Swift.max(0, ran - passed), skipped: ended.skipped.adding(ended.disabled))
        run = nil
    }

    /// `Calc.Adds (0 ms)`, `Few/Numbers.Small/1, where GetParam() = 2 (0 ms)`
    private static func name(_ text: Substring) -> Substring? {
        let name = text.cut(", where ")?.before ?? text.cut(" (")?.before ?? text
        return name.holds(" ") || !name.holds(".") || name.isEmpty ? nil : name
    }

    /// `tests.cpp:9: Failure`, of Microsoft's compiler `tests.cpp(9): error: Failure`
    private static func failurePlace(_ line: Substring) -> (place: (file: Substring, line: Int)?, isKnown: Bool)? {
        guard line.ends(with: "Failure") else { return nil }
        if line == "unknown file: Failure" || line == "unknown file: error: Failure" { return (nil, false) }
        guard let place = Place(line) ?? Place(parenthesized: line),
            place.rest == "Failure" || place.rest == "error: Failure"
        else { return nil }
        return ((place.file, place.line), true)
    }
}
