import Evidence
import Session
import Testing

@Suite struct FailureReaderTests {
    @Test(arguments: [
        ("FAILED tests/test_a.py::test_b - assert 1 == 2", "tests/test_a.py::test_b", "assert 1 == 2"),
        ("\u{1B}[31mFAILED\u{1B}[0m tests/test_a.py::test_b[x y] - E", "tests/test_a.py::test_b[x y]", "E"),
        ("ERROR tests/test_a.py", "tests/test_a.py", ""),
        ("FAIL: test_b (tests.test_a.Case.test_b)", "test_b (tests.test_a.Case.test_b)", ""),
        ("    --- FAIL: TestX/sub (0.00s)", "TestX/sub", ""),
        ("test parser::tests::empty ... FAILED", "parser::tests::empty", ""),
        ("not ok 3 - reads the file", "reads the file", ""),
        ("✘ Test \"adds\" recorded an issue at A.swift:3:4: Expectation failed", "\"adds\"", "Expectation failed"),
        ("/a/B.swift:7: error: BTests.testX : XCTAssertEqual failed", "BTests.testX", "XCTAssertEqual failed"),
        ("src/a.c:3:4: error: expected ';'", "src/a.c:3:4", "expected ';'"),
        ("a.py:3: error: Incompatible types", "a.py:3", "Incompatible types"),
    ])
    func `a failure is read from the line of each runner`(_ line: String, _ name: String, _ message: String) {
        let failures = FailureReader.read("noise\n\(line)\nmore").failures
        #expect(failures.map(\.name) == [name])
        #expect(failures.map(\.message) == [message])
    }

    @Test(arguments: [
        "1 failed, 2 passed", "FAILED (failures=1)", "ok 3 - fine", "error: something", "not ok 1 # TODO later",
        "ERROR: it broke",
    ])
    func `summaries and other talk are no failures`(_ line: String) {
        #expect(FailureReader.read(line).failures.isEmpty)
    }

    @Test func `a failure printed twice counts once and the list is bounded`() {
        let lines = (0..<200).map { "--- FAIL: Test\($0 / 2) (0.1s)" }.joined(separator: "\n")
        #expect(FailureReader.read(lines).failures.count == TestReport.failureLimit)
    }

    @Test func `only a proof or an answer exits with zero`() {
        #expect(Verdict.allCases.filter { $0.exitCode == 0 } == [.fixed, .answered, .alreadyPassing])
    }
}
