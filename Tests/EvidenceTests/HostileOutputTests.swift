import Evidence
import Session
import Testing

/// Outputs that nobody's tool prints, or that only look like one.
@Suite struct HostileOutputTests {
    @Test(arguments: [
        String(repeating: "(", count: 256 * 1024), String(repeating: "[", count: 256 * 1024),
        String(repeating: "error: ", count: 40_000), String(repeating: ":1:1: ", count: 60_000),
        String(repeating: "a.c:1:1: error: ", count: 70_000), String(repeating: "::", count: 500_000),
        String(repeating: " at ", count: 250_000), String(repeating: "\u{1B}[", count: 100_000),
        String(repeating: "=== x ===\n", count: 1000), String(repeating: "--- FAIL: ", count: 30_000),
        String(repeating: "Traceback (most recent call last):\n", count: 400),
        String(repeating: "  File \"a.py\", line 1, in f\n", count: 450),
        String(repeating: "[ RUN      ] A.b\n", count: 750), String(repeating: "FAILED a.py::", count: 20_000),
        String(repeating: "error[E1]: a\n --> b.rs:1:1\n", count: 450),
        String(repeating: "____ a ____\n", count: 1000),
        String(repeating: "panic: a\n\ngoroutine 1 [running]:\n", count: 350),
        String(repeating: "\u{301}:", count: 90_000), String(repeating: "{", count: 256 * 1024),
        String(repeating: "CMake Error at a:1 (b):\n  c\n", count: 450),
    ]) func `are read in a time that grows with their length alone`(_ output: String) {
        let clock = ContinuousClock()
        var reading = TestReading()
        // A tenth of the text sets the measure, however slow the machine is.
        let part = clock.measure { _ = FailureReader.read(String(output.prefix(output.count / 10))) }
        let whole = clock.measure { reading = FailureReader.read(output) }
        #expect(reading.failures.count <= TestReport.failureLimit)
        #expect(reading.failures.allSatisfy { $0.name.utf8.count <= 400 && $0.message.utf8.count <= 400 })
        #expect(whole < part * 40 + .seconds(1))
    }

    @Test func `of many failures the first are kept`() {
        let lines = (0..<300).map { "src/a.c:\($0 + 1):1: error: number \($0)\n" }.joined()
        let reading = FailureReader.read(lines)
        #expect(reading.failures.count == TestReport.failureLimit)
        #expect(reading.failures.first?.name == "src/a.c:1:1")
    }

    @Test(arguments: [
        "error: this is only printed", "ERROR: nothing is wrong", "FAILED to be sad", "FAIL: oh no",
        "panic: only a word",
        "  not ok", "make: all is well", "12:30:45: starting", "http://example.com:80/ error", "Error 2",
        "Test passed: error: 0", "1 failed attempt, retrying", "Traceback", "--- FAIL", "test result: unknown",
        "warning: unused variable", "src/a.c:3:4: warning: unused variable 'x'", "src/a.c:3:4: note: declared here",
        "a.py:3: DeprecationWarning: old", "[  FAILED  ] to be sad", "ninja: no work to do.",
        "thread 'main' is ready", "make: [Makefile:3: clean] Error 1 (ignored)",
    ]) func `that only talk of errors tell of none where the command has passed`(_ line: String) {
        let reading = FailureReader.read("\(line)\n", hasPassed: true)
        #expect(reading.failures.isEmpty)
        #expect(reading.tally == nil)
    }

    @Test func `what a failed test has printed is no failure of another tool`() {
        let output = """
            =================================== FAILURES ===================================
            ___________________________________ test_a ____________________________________
            >       assert run() == 0
            E       assert 1 == 0

            tests/test_a.py:3: AssertionError
            ----------------------------- Captured stdout call -----------------------------
            src/a.c:3:4: error: printed
            error[E0308]: printed
             --> src/lib.rs:1:1
            --- FAIL: TestPrinted (0.00s)
            [  FAILED  ] Printed.Test (0 ms)
            make: *** [Makefile:3: printed] Error 1
            =========================== short test summary info ============================
            FAILED tests/test_a.py::test_a - assert 1 == 0
            ============================== 1 failed in 0.02s ===============================
            """
        let reading = FailureReader.read(output)
        #expect(reading.failures.map(\.name) == ["tests/test_a.py::test_a"])
        #expect(reading.formats == ["pytest"])
    }

    @Test func `an output whose middle was left out tells what is there`() {
        let output = """
            ============================= test session starts ==============================
            collected 400 items

            =================================== FAILURES ===================================
            ___________________________________ test_a ____________________________________
            >       assert 1 == 2
            [81920 bytes, 1200 lines left out; the whole output: /tmp/out]
            tests/test_z.py:9: AssertionError
            =========================== short test summary info ============================
            FAILED tests/test_z.py::test_z - assert 3 == 4
            ======================== 2 failed, 398 passed in 9.02s =========================
            src/a.c:3:4: error: expected ';'
            """
        let reading = FailureReader.read(output)
        #expect(reading.tally == TestTally(run: 400, failed: 2))
        #expect(reading.failures.map(\.name).contains("tests/test_z.py::test_z"))
        #expect(reading.failures.map(\.name).contains("src/a.c:3:4"))
    }

    @Test func `several tools in one output all count`() {
        let output = """
            $ gcc -c a.c\r
            a.c:3:4: error: expected ';' before '}' token\r
            make: *** [Makefile:3: a.o] Error 1\r
            --- FAIL: TestA (0.00s)\r
                a_test.go:12: wrong\r
            FAIL\r
            FAIL\texample.com/a\t0.003s\r
            FAILED tests/test_a.py::test_b - assert 1 == 2\r
            1 failed, 2 passed in 0.05s\r
            """
        let reading = FailureReader.read(output)
        #expect(reading.failures.map(\.name) == ["a.c:3:4", "example.com/a.TestA", "tests/test_a.py::test_b"])
        #expect(reading.formats == ["gcc", "go", "pytest"])
        #expect(reading.tally == TestTally(run: 3, failed: 1))
    }

    @Test(arguments: [
        ("src/a.c:3:4: Fehler: »x« nicht deklariert", "src/a.c:3:4", "»x« nicht deklariert"),
        ("src/a.c:3:4: erreur\u{A0}: « x » non déclaré", "src/a.c:3:4", "« x » non déclaré"),
        ("src/a.c:3:4: ошибка: «x» не описан", "src/a.c:3:4", "«x» не описан"),
        ("src/a.c:3:4: 错误：‘x’未声明", "src/a.c:3:4", "‘x’未声明"),
        ("src/a.c:3:4: エラー: ‘x’ が宣言されていません", "src/a.c:3:4", "‘x’ が宣言されていません"),
        ("make: *** [Makefile:3: all] Fehler 1", "all", "Fehler 1"),
        ("make[2]: *** [rules.mk:7: build] Erreur 127", "build", "Erreur 127"),
        ("make: *** [Makefile:3: all] 错误 1", "all", "错误 1"),
        ("./ci.sh: Zeile 3: pytest: Kommando nicht gefunden.", "./ci.sh:3", "pytest: Kommando nicht gefunden."),
        ("./ci.sh: línea 3: pytest: orden no encontrada", "./ci.sh:3", "pytest: orden no encontrada"),
        ("bash: 行 1: pytest: コマンドが見つかりません", "pytest: コマンドが見つかりません", ""),
        ("src/na\u{FFFD}me.c:3:4: error: bad \u{FFFD} byte", "src/na\u{FFFD}me.c:3:4", "bad \u{FFFD} byte"),
    ]) func `languages and encodings do not hide a failure`(_ line: String, _ name: String, _ message: String) {
        let failures = FailureReader.read("x\n\(line)\r\ny\n").failures
        #expect(failures.map(\.name) == [name])
        #expect(failures.map(\.message) == [message])
    }

    @Test func `any bytes can be read`() {
        var state: UInt64 = 42
        for _ in 0..<40 {
            let words = [
                "FAILED ", "a.py::b", ":", "1", "\n", "error", " --> ", "[", "]", "(", "=== ", "--- ", "E   ",
                "\u{1B}[0m", "é", "\u{301}", "___", " ", "***", "make", "\r", "not ok", "panic: ", "'", "\"", "File ",
            ]
            var text = ""
            for _ in 0..<300 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text += words[Int(state >> 33) % words.count]
            }
            let reading = FailureReader.read(text)
            #expect(reading.failures.count <= TestReport.failureLimit)
        }
    }
}
