import Evidence
import Session
import Testing

/// What tools print in versions and settings that no fixture holds, after their documentation.
@Suite struct OtherDialectsTests {
    @Test(
        arguments: [
            (
                """
                Test Suites: 1 skipped, 2 passed, 2 of 3 total
                Tests:       2 skipped, 7 passed, 9 total

                """,
                TestTally(run: 7, failed: 0, skipped: 2)
            ),
            (
                """
                  12 passing (3s)
                  2 pending

                """, TestTally(run: 12, failed: 0, skipped: 2)
            ),
            (
                """
                  1 passing (2s)
                  1 failing

                  1) a
                       b:
                     Error: c

                """, TestTally(run: 2, failed: 1)
            ),
            (
                """
                OK (3 tests, 5 assertions)

                """, nil
            ),
            (
                """
                PHPUnit 11.2.0 by Sebastian Bergmann and contributors.

                OK, but some tests were skipped!
                Tests: 3, Assertions: 2, Skipped: 1.

                """,
                TestTally(run: 2, failed: 0, skipped: 1)
            ),
            (
                """
                Results :

                Tests run: 7, Failures: 2, Errors: 1, Skipped: 1

                """,
                TestTally(run: 6, failed: 3, skipped: 1)
            ),
            (
                """
                Finished in 0.1 seconds (files took 0.2 seconds to load)
                1 example, 0 failures
                Finished in 0.1 seconds (files took 0.2 seconds to load)
                2 examples, 1 failure, 1 pending

                """,
                TestTally(run: 2, failed: 1, skipped: 1)
            ),
        ] as [(String, TestTally?)])
    func `counts are read from the summary`(output: String, tally: TestTally?) {
        #expect(FailureReader.read(output).tally == tally)
    }

    @Test(
        arguments: [
            (
                """
                ./pages/index.tsx
                3:5  Error: 'x' is not defined.  no-undef
                4:1  Warning: Unused.  no-unused

                """,
                Found("./pages/index.tsx:3:5 no-undef", "./pages/index.tsx", 3, "'x' is not defined.")
            ),
            (
                """
                src/a.css
                  3:5  ✖  Unexpected unit  unit-disallowed-list

                """,
                Found("src/a.css:3:5 unit-disallowed-list", "src/a.css", 3, "Unexpected unit")
            ),
            (
                """
                Failed to compile.

                ./src/app/page.tsx:3:5
                Type error: Type 'a' is not assignable to type 'b'.

                """,
                Found(
                    "./src/app/page.tsx:3:5", "./src/app/page.tsx", 3,
                    "Type error: Type 'a' is not assignable to type 'b'.")
            ),
            (
                """
                error during build:
                src/main.ts (2:9): "missing" is not exported by "src/a.ts".

                """,
                Found("src/main.ts:2:9", "src/main.ts", 2, "\"missing\" is not exported by \"src/a.ts\".")
            ),
            (
                """
                src/app/(auth)/page.tsx(3,5): error TS2322: Type 'a' is wrong.

                """,
                Found("src/app/(auth)/page.tsx(3,5) TS2322", "src/app/(auth)/page.tsx", 3, "Type 'a' is wrong.")
            ),
            (
                """
                ERROR in src/a.ts:3:5 - error TS2322: Type 'a' is wrong.

                """,
                Found("src/a.ts:3:5 TS2322", "src/a.ts", 3, "Type 'a' is wrong.")
            ),
            (
                """
                e: file:///home/dev/A.kt:3:5 Unresolved reference 'x'.

                """,
                Found("/home/dev/A.kt:3:5", "/home/dev/A.kt", 3, "Unresolved reference 'x'.")
            ),
            (
                """
                e: /home/dev/A.kt: (3, 5): Unresolved reference: x

                """,
                Found("/home/dev/A.kt:3:5", "/home/dev/A.kt", 3, "Unresolved reference: x")
            ),
            (
                """
                [ERROR] /home/dev/A.kt: (3, 5) Unresolved reference: x

                """,
                Found("/home/dev/A.kt:[3,5]", "/home/dev/A.kt", 3, "Unresolved reference: x")
            ),
            (
                """
                [ERROR] org.example.ATest.adds -- Time elapsed: 0.01 s <<< FAILURE!
                java.lang.AssertionError: no
                \tat org.example.ATest.adds(ATest.java:9)

                """,
                Found("org.example.ATest.adds", "ATest.java", 9, "java.lang.AssertionError: no")
            ),
            (
                """
                ATest > adds() FAILED
                    java.lang.AssertionError at ATest.java:9

                """,
                Found("ATest > adds()", "ATest.java", 9, "java.lang.AssertionError")
            ),
            (
                """
                Failure:
                ATest#test_adds [test/a_test.rb:9]:
                Expected: 1
                  Actual: 2

                bin/rails test test/a_test.rb:7

                Finished in 0.1s, 1 runs/s, 1 assertions/s.
                1 runs, 1 assertions, 1 failures, 0 errors, 0 skips

                """,
                Found("ATest#test_adds", "test/a_test.rb", 9, "Expected: 1 Actual: 2")
            ),
            (
                """
                Failures:

                  1) A adds
                     Got 2 failures:

                     1.1) Failure/Error: expect(1).to eq(2)

                            expected: 2
                                 got: 1
                          # ./spec/a_spec.rb:9:in `block'

                Finished in 0.1 seconds
                1 example, 1 failure

                """,
                Found("A adds", "./spec/a_spec.rb", 9, "expected: 2 got: 1")
            ),
            (
                """
                FAIL src/a.test.ts
                  ● Test suite failed to run

                    src/a.ts:3:5 - error TS2322: Type 'a' is wrong.

                Test Suites: 1 failed, 1 total
                Tests:       0 total

                """,
                Found("src/a.test.ts", "src/a.ts", 3, "src/a.ts:3:5 - error TS2322: Type 'a' is wrong.")
            ),
            (
                """
                error: cannot format a.py: Cannot parse: 3:11: def a(:

                """,
                Found("a.py:3", "a.py", 3, "Cannot parse: 3:11: def a(:")
            ),
            (
                """
                Diff in /home/dev/src/main.rs at line 3:

                """, Found("/home/dev/src/main.rs:3", "/home/dev/src/main.rs", 3)
            ),
        ] as [(String, Found)])
    func `a failure is read with its place`(output: String, found: Found) {
        #expect(FailureReader.read(output).failures.map(Found.init) == [found])
    }

    @Test(arguments: [
        "test quotes \"a.py:3: error: no  [misc]\" and \"src/a.swift:1:2: error: no\"",
        "/// Reads `a.ts(3,4): error TS2322: no` and `a.ts:3:4 - error TS2322: no`",
        "Log: the file a.py:3: error: no [misc] is only named", "error TS: no number", "3 examples, 2 failures",
        "1) BasketTest::testAdds", "5 tests, 4 assertions, 1 failures, 1 errors", "Tests run: 3, Failures: 3",
        "org.example.A > adds FAILED is what it says", "FAIL: see above", "(fail) nothing [1ms]", "✖ nothing (1ms)",
        "In the script line 3:", "would reformat", "Failures:", "  2 failing", "[ERROR] is a level",
        "ERROR in judgement",
    ])
    func `text that only speaks of failures is none`(line: String) {
        #expect(FailureReader.read("begin\n\n\(line)\n  and more\n\nend\n").failures.isEmpty, "\(line)")
    }

    @Test func `a task that failed counts only where nothing says why`() {
        let step = "* What went wrong:\nExecution failed for task ':lint'.\n> Lint found errors.\n\n"
        let failures = FailureReader.read(step).failures
        #expect(failures.map(\.name) == [":lint"])
        #expect(failures.map(\.message) == ["Lint found errors."])
        let test = "ATest > adds() FAILED\n    java.lang.AssertionError at ATest.java:9\n\n"
        #expect(FailureReader.read(test + step).failures.map(\.name) == ["ATest > adds()"])
    }

    @Test(arguments: [
        "▶ deep\n", "  ● a › b\n", "  1) a\n", " FAIL  a > b\n", "FAIL a.test.js\n", "✖ a (1ms)\n", "    a\n",
        "ℹ tests 1\n",
        "[ERROR]   A.b:1 c\n", "(fail) a [1ms]\n", "a.js\n", "#   Failed test 'a'\n", "1) A::b\n",
    ])
    func `what is kept of hostile output is bounded`(line: String) {
        var output = ""
        for depth in 0..<120 { output += String(repeating: " ", count: 2 * depth) + line }
        let reading = FailureReader.read(output)
        #expect(reading.failures.count <= TestReport.failureLimit)
        #expect(reading.cases.allSatisfy { $0.name.utf8.count <= 400 })
    }
}

/// What is told of a failure.
struct Found: Equatable, Sendable {
    var name: String
    var file: String?
    var line: Int?
    var message: String

    init(_ name: String, _ file: String? = nil, _ line: Int? = nil, _ message: String = "is not formatted") {
        (self.name, self.file, self.line, self.message) = (name, file, line, message)
    }

    init(_ failure: TestFailure) {
        self.init(failure.name, failure.file, failure.line, failure.message)
    }
}
