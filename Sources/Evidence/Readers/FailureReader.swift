public import Session
import Text

/// Reads failures from the output of test runners and compilers.
///
/// It knows the summary lines of pytest, unittest, go test, cargo, node and TAP, Swift Testing and XCTest, and
/// compilers' `file:line:column: error:`. Unknown text gives no failures; whether the command passed, only the exit
/// status decides.
public enum FailureReader {
    /// What the output tells about tests.
    public static func read(_ output: String) -> TestReading {
        TestReading(failures: failures(in: output))
    }

    /// The failures in the order of the output, without duplicates, at most `limit` of them.
    public static func failures(in output: String, limit: Int = 50) -> [TestFailure] {
        var found: [TestFailure] = []
        var seen: Set<String> = []
        for line in output.split(whereSeparator: \.isNewline) {
            guard let failure = failure(in: line.withoutStyling), seen.insert(failure.name).inserted else {
                continue
            }
            found.append(failure)
            if found.count == limit { break }
        }
        return found
    }

    private static func failure(in line: String) -> TestFailure? {
        for read in [pytest, unittest, goTest, cargo, tap, swiftTesting, xctest, compiler] {
            if let failure = read(line) { return failure }
        }
        return nil
    }

    /// `FAILED tests/test_a.py::test_b - AssertionError: ...`
    private static func pytest(_ line: String) -> TestFailure? {
        guard let rest = line.after("FAILED ") ?? line.after("ERROR "), rest.contains(".py") else { return nil }
        let (name, message) = rest.split(at: " - ")
        return name.contains(" ") && !name.contains("::") ? nil : TestFailure(name: name, message: message)
    }

    /// `FAIL: test_b (tests.test_a.Case.test_b)`
    private static func unittest(_ line: String) -> TestFailure? {
        guard let rest = line.after("FAIL: ") ?? line.after("ERROR: "), rest.hasSuffix(")"),
            let open = rest.firstIndex(of: "(")
        else { return nil }
        return TestFailure(name: rest[..<open].trimmed + " " + rest[open...])
    }

    /// `--- FAIL: TestX (0.00s)`
    private static func goTest(_ line: String) -> TestFailure? {
        line.trimmed.after("--- FAIL: ").map { TestFailure(name: $0.split(at: " (").0) }
    }

    /// `test module::name ... FAILED`
    private static func cargo(_ line: String) -> TestFailure? {
        guard let rest = line.after("test "), rest.hasSuffix(" ... FAILED") else { return nil }
        return TestFailure(name: String(rest.dropLast(" ... FAILED".count)))
    }

    /// `not ok 3 - name`
    private static func tap(_ line: String) -> TestFailure? {
        // "# TODO" marks a test that is expected to fail (testanything.org, version 14).
        guard let rest = line.trimmed.after("not ok "), !rest.contains("# TODO") else { return nil }
        let number = rest.prefix { $0.isNumber }
        let name = rest.dropFirst(number.count).drop { $0 == " " || $0 == "-" }
        return TestFailure(name: name.isEmpty ? "test \(number)" : String(name))
    }

    /// `✘ Test "name" recorded an issue at File.swift:3:4: Expectation failed: ...`
    private static func swiftTesting(_ line: String) -> TestFailure? {
        guard let rest = line.after("✘ Test "), rest.contains(" recorded an issue ") else { return nil }
        let (name, message) = rest.split(at: " recorded an issue ")
        return TestFailure(name: name, message: message)
    }

    /// `/path/File.swift:3: error: Suite.test : XCTAssertEqual failed: ...`
    private static func xctest(_ line: String) -> TestFailure? {
        guard line.contains(": error: "), line.contains(" : ") else { return nil }
        let (_, rest) = line.split(at: ": error: ")
        let (name, message) = rest.split(at: " : ")
        return name.contains(".") && !name.contains(" ") ? TestFailure(name: name, message: message) : nil
    }

    /// `src/a.c:3:4: error: ...`, `a.py:3: error: ...`
    private static func compiler(_ line: String) -> TestFailure? {
        for marker in [": error: ", ": fatal error: ", ": error["] {
            let (place, message) = line.split(at: marker)
            let parts = place.split(separator: ":")
            guard !message.isEmpty, parts.count >= 2, Int(parts[1]) != nil, !parts[0].contains(" ") else { continue }
            return TestFailure(name: place, message: message)
        }
        return nil
    }
}

extension StringProtocol {
    /// The text after a prefix; nil without the prefix.
    fileprivate func after(_ prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }

    /// The parts before and after the first separator; everything and an empty text without one.
    fileprivate func split(at separator: String) -> (String, String) {
        var rest = self[...]
        while let first = separator.first, let index = rest.firstIndex(of: first) {
            if self[index...].hasPrefix(separator) {
                return (String(self[..<index]), String(self[index...].dropFirst(separator.count)))
            }
            rest = self[self.index(after: index)...]
        }
        return (String(self), "")
    }

    fileprivate var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
