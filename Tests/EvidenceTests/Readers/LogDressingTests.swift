import Evidence
import Testing

@Suite struct `Log dressing` {
    @Test(arguments: [
        ("plain\n\ntext\n", ["plain", "", "text"]), ("", []), ("no end", ["no end"]),
        ("\u{1B}[31mred\u{1B}[0m\r\nx\r\n", ["red", "x"]),
        (" 10%\r 50%\r100%\nnext\n", ["100%", "next"]),
        ("building\r        \r\n", ["building"]),
        ("work 1\u{1B}[2K\u{1B}[1Gwork 2\u{1B}[0Gtest a ... FAILED\n", ["test a ... FAILED"]),
        ("wait |\u{8}/\u{8}é\u{8}done\n", ["wait done"]),
        ("\u{FEFF}first\nsecond\n", ["first", "second"]),
    ])
    func `of terminals is removed`(_ output: String, _ expected: [String]) {
        #expect(LogDressing.lines(of: output) == expected)
    }

    @Test(arguments: [
        // GitHub, and as its command prints a log.
        (
            "2024-05-01T12:34:56.1234567Z a\n2024-05-01T12:34:56.1234567Z   b\n2024-05-01T12:34:57.1234567Z\n",
            ["a", "  b", ""]
        ),
        (
            "build\tRun tests\t2024-05-01T12:34:56.1234567Z a\nbuild\tRun tests\t2024-05-01T12:34:56.1234567Z b\tc\n",
            ["a", "b\tc"]
        ),
        ("2024-05-01T12:34:56.1234567Z 1%\r2%\r\n2024-05-01T12:34:56.1234567Z b\n", ["2%", "b"]),
        // GitLab, whose long lines go on in another one.
        (
            "2024-05-22T12:43:46.962646Z 00O begin\n2024-05-22T12:43:47.000001Z 01E to\n"
                + "2024-05-22T12:43:47.000002Z 01E+gether\n2024-05-22T12:43:47.000003Z 01O \n",
            ["begin", "together", ""]
        ),
        // Jenkins, Buildkite, TeamCity.
        ("[2024-05-01T12:34:56.123Z] a\n[2024-05-01T12:34:56.123Z] + make\n", ["a", "+ make"]),
        ("12:34:56  a\n12:34:57  b\n", ["a", "b"]),
        ("\u{1B}_bk;t=1700000000000\u{07}a\n\u{1B}_bk;t=1700000000001\u{07}\u{1B}[31mb\u{1B}[0m\n", ["a", "b"]),
        ("[12:34:56]W:\t [Step 1/3] a\n[12:34:56] :\t [Step 1/3] b\n", ["a", "b"]),
        ("[\u{1B}[90m12:34:56\u{1B}[39m] a\n[\u{1B}[90m12:34:57\u{1B}[39m] b\n", ["a", "b"]),
        ("[  0.001] a\n[ 12.345] b\n", ["a", "b"]),
    ])
    func `of logs is removed`(_ output: String, _ expected: [String]) {
        #expect(LogDressing.lines(of: output) == expected)
    }

    @Test(arguments: [
        "[12:34:56] started\nFAILED a\n", "12:34:56 is late\n", "2024-05-01T12:34:56Z only one\n",
        "name | value\nweb-1 | 3\nother\n", "#1 1.5 times\n", "--- FAIL: TestA (0.00s)\n", "section_start is a word\n",
        "::not a marker\n", "std::vector<int>::x\n", "# [group]\n",
    ])
    func `is not what some lines begin with`(_ output: String) {
        #expect(LogDressing.lines(of: output).joined(separator: "\n") + "\n" == output)
    }

    @Test(arguments: [
        ("##[group]Run make test\n##[endgroup]\n##[error]boom\n", ["Run make test", "boom"]),
        ("::group::Title\nx\n::endgroup::\n", ["Title", "x"]),
        ("::error file=a%2Cb.py,line=3,col=5::bad %25 thing%0Amore\n", ["a,b.py:3:5: error: bad % thing more"]),
        ("::warning file=a.py::w\n::error::e\n::add-mask::secret\n", ["a.py: warning: w", "e"]),
        ("##vso[task.logissue type=error;sourcepath=a.cs;linenumber=7]m\n", ["a.cs:7: error: m"]),
        (
            "section_start:1700000000:test[collapsed=true]\r\u{1B}[0KRunning\n"
                + "section_end:1700000000:test\r\u{1B}[0Ksection_start:1700000001:x\r\u{1B}[0K\u{1B}[36;1mNext\u{1B}[0;m\n",
            ["Running", "Next"]
        ),
        ("travis_fold:start:a\r\u{1B}[0Kmake\n", ["make"]),
    ])
    func `of groups is removed`(_ output: String, _ expected: [String]) {
        #expect(LogDressing.lines(of: output) == expected)
    }

    @Test(arguments: [
        ("web-1  | a\nweb-1  |\ndb_1   | b | c\n", ["a", "", "b | c"]),
        ("Attaching to app, db\napp  | FAILED x\nother | y\n", ["Attaching to app, db", "FAILED x", "other | y"]),
        (
            "#7 [2/3] RUN make\n#7 0.123 FAILED a\n#8 0.1 no\n#7 ERROR: x\n",
            ["#7 [2/3] RUN make", "FAILED a", "#8 0.1 no", "#7 ERROR: x"]
        ),
    ])
    func `of containers is removed`(_ output: String, _ expected: [String]) {
        #expect(LogDressing.lines(of: output) == expected)
    }

    @Test func `comes off in layers`() {
        let output = """
            2024-05-01T12:34:56.1234567Z ##[group]Run docker compose up
            2024-05-01T12:34:56.1234567Z Attaching to app-1
            2024-05-01T12:34:57.1234567Z \u{1B}[36mapp-1  | \u{1B}[0m\u{1B}[31mFAILED\u{1B}[0m tests/test_a.py::test_b
            2024-05-01T12:34:58.1234567Z ##[error]Process completed with exit code 1.

            """
        #expect(
            LogDressing.lines(of: output) == [
                "Run docker compose up", "Attaching to app-1", "FAILED tests/test_a.py::test_b",
                "Process completed with exit code 1.",
            ])
    }

    @Test func `of any bytes never traps`() {
        var state: UInt64 = 42
        let alphabet = Array("\u{1B}[]_G01;:\r\n\t #|+Z-T.2024é\u{8}\u{7}::##[group]section_start:".utf8)
        for _ in 0..<2000 {
            let bytes = (0..<60).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return alphabet[Int(state >> 33) % alphabet.count]
            }
            _ = LogDressing.lines(of: String(decoding: bytes, as: UTF8.self))
        }
    }
}
