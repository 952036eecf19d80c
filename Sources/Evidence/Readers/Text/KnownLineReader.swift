import Session

/// Reads failures that one line tells, of runners that have no reader of their own yet.
struct KnownLineReader: OutputReader {
    static let format = "text"

    private var findings = Findings()

    mutating func read(_ line: Substring) -> Bool {
        for read in [Self.goTest, Self.cargo, Self.swiftTesting, Self.compiler] {
            if let failure = read(line) {
                findings.add(failure)
                return true
            }
        }
        return false
    }

    mutating func finish() -> TestReading? { findings.isEmpty ? nil : findings.reading() }

    /// `--- FAIL: TestX (0.00s)`
    private static func goTest(_ line: Substring) -> TestFailure? {
        line.trimmed.after("--- FAIL: ").map { TestFailure(name: String($0.cut(" (")?.before ?? $0)) }
    }

    /// `test module::name ... FAILED`
    private static func cargo(_ line: Substring) -> TestFailure? {
        (line.after("test ")?.before(" ... FAILED")).map { TestFailure(name: String($0)) }
    }

    /// `✘ Test "name" recorded an issue at File.swift:3:4: Expectation failed: ...`
    private static func swiftTesting(_ line: Substring) -> TestFailure? {
        guard let rest = line.after("✘ Test "), let (name, issue) = rest.cut(" recorded an issue at "),
            let place = Place(issue)
        else { return nil }
        return TestFailure(
            name: String(name), message: String(place.rest), file: String(place.file), line: place.line)
    }

    /// `src/a.c:3:4: error: ...`, `a.py:3: error: ...`, `/path/File.swift:3: error: Suite.test : XCTAssert...`
    private static func compiler(_ line: Substring) -> TestFailure? {
        guard let place = Place(line), !place.file.holds(" "),
            let message = place.rest.after("error: ") ?? place.rest.after("fatal error: ")
                ?? place.rest.after("error[")
        else { return nil }
        if let (name, message) = message.cut(" : "), name.holds("."), !name.holds(" ") {
            return TestFailure(
                name: String(name), message: String(message), file: String(place.file), line: place.line)
        }
        return TestFailure(
            name: String(place.text), message: String(message), file: String(place.file), line: place.line)
    }
}
