import Evidence
import Session
import Testing

@Suite struct FailureListTests {
    private let failure = TestFailure(
        name: "tests/test_a.py::test_b", message: "assert 1 == 2", file: "a.py", line: 3, excerpt: "> a\nE b")

    @Test func `a failure is told with its place, its message and what the output does not show`() {
        let list = FailureList(TestReport(failures: [failure]), besides: "nothing of it")
        #expect(list.text == "Failures:\n- tests/test_a.py::test_b (a.py:3): assert 1 == 2\n    > a\n    E b\n\n")
        #expect(FailureList(TestReport(failures: [failure]), besides: "x\n> a\nE b\n").text.contains("E b") == false)
        #expect(FailureList(TestReport(), besides: "").text.isEmpty)
    }

    @Test func `a place that the name tells is told once`() {
        let failure = TestFailure(name: "src/a.c:3:4", message: "expected ';'", file: "src/a.c", line: 3)
        #expect(failure.spelled == "src/a.c:3:4: expected ';'")
        #expect(TestFailure(name: "undefined reference", file: "a.c").spelled == "undefined reference (a.c)")
    }

    @Test func `a long list has an end`() {
        let many = (0..<50).map { TestFailure(name: "test_\($0)", excerpt: String(repeating: "e", count: 1000)) }
        let text = FailureList(TestReport(failures: many), besides: "").text
        #expect(text.hasSuffix("- and 30 more\n\n"))
        #expect(text.utf8.count < 6000)
    }

    @Test func `a tally is told in words`() {
        #expect(TestTally(run: 41, failed: 3, skipped: 2).spelled == "3 of 41 tests failed, 2 skipped")
        #expect(TestTally(run: 1, failed: 0).spelled == "1 test passed")
        #expect(TestTally(run: 1, failed: 1).spelled == "1 of 1 test failed")
    }
}
