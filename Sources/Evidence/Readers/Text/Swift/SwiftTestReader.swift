import Session

/// Reads the output of `swift test`: that of XCTest and that of Swift Testing, which it prints one after the other.
struct SwiftTestReader: OutputReader {
    static let format = "swift test"

    private var findings = Findings()
    private var wasSeen = false
    /// The issue whose further lines may follow.
    private var last: TestFailure?
    private var excerpt = Excerpt()
    /// How often a test of a name has ended; functions of several suites have the same one.
    private var endings: [Substring: Int] = [:]
    private var crash: TestFailure?

    mutating func read(_ line: Substring) -> Bool {
        if readTesting(line) || readXCTest(line) {
            wasSeen = true
            return true
        }
        if let text = line.after("↳ "), last != nil {
            excerpt.add(line)
            if last?.message == "Issue recorded" { last?.message = String(text) }
            return false
        }
        endIssue()
        return readCrash(line)
    }

    mutating func finish() -> TestReading? {
        endIssue()
        if let crash { findings.add(crash) }
        return wasSeen || crash != nil ? findings.reading() : nil
    }

    // MARK: Swift Testing

    /// `✘ Test adds() failed after 0.001 seconds with 1 issue.`
    private mutating func readTesting(_ line: Substring) -> Bool {
        guard let mark = line.utf8.first, mark >= 0x80, let (symbol, rest) = line.cut(" "), symbol.utf8.count <= 4
        else {
            return false
        }
        guard let text = rest.after("Test ") else { return rest.starts(with: "Suite ") && rest.holds(" started") }
        endIssue()
        if text.starts(with: "run ") || text.starts(with: "case ") { return true }
        if let (name, issue) = text.cut(" recorded an issue") { return readIssue(name, issue, line) }
        if let (name, _) = text.cut(" skipped") { return end(name, .skipped) }
        for (word, outcome) in [(" passed after ", TestCase.Outcome.passed), (" failed after ", .failed)] {
            guard let (whole, after) = text.cut(word), after.holds(" second") else { continue }
            let name =
                whole.before(" test cases")?.cutLast(" with ")?.before ?? whole.before(" test case")?.cutLast(" with ")?
                .before ?? whole
            // A known issue proves nothing.
            return end(name, outcome == .passed && after.holds(" known issue") ? .skipped : outcome)
        }
        return text.ends(with: " started.") || text.holds(" recorded a known issue")
    }

    private mutating func end(_ name: Substring, _ outcome: TestCase.Outcome) -> Bool {
        let count = endings[name, default: 0] + 1
        endings[name] = count
        findings.add(count == 1 ? String(name) : "\(name) (\(count))", outcome)
        if outcome == .failed, !findings.hasFailure(name) { findings.add(TestFailure(name: String(name))) }
        return true
    }

    /// ` at CalcTests.swift:8:9: Expectation failed`, or with the arguments of the case in front.
    private mutating func readIssue(_ name: Substring, _ issue: Substring, _ line: Substring) -> Bool {
        var rest = issue
        var failure = TestFailure(name: String(name), message: String(issue.trimmed))
        // An argument may hold the word, a place does not.
        for _ in 0..<20 {
            guard let (_, after) = rest.cut(" at ") else { break }
            if let place = Place(after), place.file.ends(with: ".swift") {
                failure.file = String(place.file)
                failure.line = place.line
                failure.message = String(place.rest)
                break
            }
            rest = after
        }
        excerpt.add(line)
        last = failure
        return true
    }

    private mutating func endIssue() {
        guard var ended = last else { return }
        last = nil
        ended.excerpt = excerpt.take()
        findings.add(ended)
    }

    // MARK: XCTest

    private mutating func readXCTest(_ line: Substring) -> Bool {
        if let (name, outcome) = line.after("Test Case '")?.cut("' ") {
            guard let told = Self.outcome(outcome) else { return outcome.starts(with: "started") }
            let test = Self.name(name)
            findings.add(test, told)
            if told == .failed { findings.add(TestFailure(name: test)) }
            return true
        }
        // With --parallel only tests that fail print something of their own.
        if let (numbers, test) = line.after("[")?.cut("] Testing "), numbers.holds("/"),
            let (_, name) = test.cut("."), let (type, function) = name.cut("/")
        {
            findings.add("\(type).\(function)", .passed)
            return true
        }
        if let (place, told) = line.cut(": error: "), let (name, message) = told.cut(" : "),
            !name.holds(" ") || name.starts(with: "-["),
            name.holds(".")
        {
            let read = Place(place)
            guard read?.file.ends(with: ".swift") == true || place == "<EXPR>:0" else { return false }
            findings.add(
                TestFailure(
                    name: Self.name(name), message: String(message.before(" - ") ?? message),
                    file: read.map { String($0.file) }, line: read?.line, excerpt: String(line)))
            return true
        }
        return line.starts(with: "Test Suite '") && line.holds("' started at ")
    }

    private static func outcome(_ text: Substring) -> TestCase.Outcome? {
        if text.starts(with: "passed") { return .passed }
        if text.starts(with: "failed") { return .failed }
        return text.starts(with: "skipped") ? .skipped : nil
    }

    /// `OldTests.testAdds`, on a Mac `-[CalcTests.OldTests testAdds]`.
    private static func name(_ printed: Substring) -> String {
        guard let (type, test) = printed.after("-[")?.before("]")?.cut(" ") else { return String(printed) }
        return "\(type.cutLast(".")?.after ?? type).\(test)"
    }

    // MARK: Crashes

    /// `CalcTests/CalcTests.swift:33: Fatal error: crashed`; the first frame with a file of the program says where.
    private mutating func readCrash(_ line: Substring) -> Bool {
        if crash == nil, let place = Place(line), place.file.ends(with: ".swift"), place.column == nil,
            place.rest.starts(with: "Fatal error")
        {
            let isLibrary = place.file.starts(with: "Swift/")
            crash = TestFailure(
                name: String(place.text), message: String(place.rest), file: isLibrary ? nil : String(place.file),
                line: isLibrary ? nil : place.line, excerpt: String(line))
            return true
        }
        if crash?.file == nil || crash?.file?.utf8.first != 0x2F, crash != nil, let (_, path) = line.cutLast(" at /"),
            line.holds(" in "), let place = Place("/\(path)"[...]), place.file.ends(with: ".swift"),
            !place.file.starts(with: "/tmp/swift-generated-sources/")
        {
            crash?.file = String(place.file)
            crash?.line = place.line
        }
        return false
    }
}
