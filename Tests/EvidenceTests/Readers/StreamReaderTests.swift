import Evidence
import Session
import Testing

@Suite struct `Streams of test events` {
    private static func told(_ output: String) -> String {
        let reading = FailureReader.read(output)
        let tally = reading.tally.map { "\($0.run)/\($0.failed)/\($0.skipped)" } ?? "-"
        let cases = reading.cases.map { "\($0.name)=\($0.outcome.rawValue)" }.joined(separator: " ")
        let failures = reading.failures.map { failure in
            "\(failure.name)@\(failure.file ?? "")\(failure.line.map { ":\($0)" } ?? "") \(failure.message)"
        }
        return ([tally, cases] + failures).joined(separator: "; ")
    }

    @Test(arguments: [
        ("1..2\nok 1\nnot ok 2\n", "2/1/0; test 1=passed test 2=failed; test 2@ "),
        ("TAP version 14\nok\tx\nok one\n1..1\n", "1/0/0; one=passed"),
        ("1..0 # SKIP no database\n", "0/0/0; "),
        ("1..3\nok 1 - a\n", "1/0/0; a=passed; 1..3@ 2 of 3 planned tests did not run"),
        (
            "1..2\nok 1 - a\nBail out! no disk\n",
            "1/0/0; a=passed; Bail out!@ no disk; 1..2@ 1 of 2 planned tests did not run"
        ),
        ("1..2\nok 1 - a # Skipped: x\nnot ok 2 - b # todo y\n", "0/0/2; a=skipped b=skipped"),
        ("1..1\nnot ok 1 - has \\# TODO in it\n", "1/1/0; has # TODO in it=failed; has # TODO in it@ "),
        ("1..1\nnot ok 1 - issue #12\n", "1/1/0; issue #12=failed; issue #12@ "),
        (
            "TAP version 13\nnot ok 1 - a\n  ---\n  message: 'it''s wrong'\n  severity: fail\n  at:\n    file: lib/a.js\n"
                + "    line: 7\n  ...\n1..1\n",
            "1/1/0; a=failed; a@lib/a.js:7 it's wrong"
        ),
        (
            "TAP version 14\n# Subtest: outer\n    # Subtest: inner\n        ok 1 - x\n        not ok 2 - y\n        1..2\n"
                + "    not ok 1 - inner\n    1..1\nnot ok 1 - outer\nok 2 - y\n1..2\n",
            "3/1/0; outer > inner > x=passed outer > inner > y=failed y=passed; outer > inner > y@ "
        ),
        // A test around others that has failed by itself.
        ("    ok 1 - x\n    1..1\nnot ok 1 - outer\n1..1\n", "2/1/0; outer > x=passed outer=failed; outer@ "),
        ("1..2\nok 1 - a\nok 2 - a\n", "2/0/0; a=passed a #2=passed"),
        // A block without end.
        ("1..2\nnot ok 1 - a\n  ---\n  message: m\nok 2 - b\n", "2/1/0; a=failed b=passed; a@ m"),
        // Not of this kind.
        ("ok  \texample.com/calc\t0.01s\n", "-; "), ("ok 1 thing\nall ok\n", "-; "), ("--- ok\n", "-; "),
    ])
    func `are TAP`(_ output: String, _ expected: String) {
        #expect(Self.told(output) == expected)
    }

    @Test func `are those of go, with a build that fails`() {
        let output = """
            {"ImportPath":"p/broken [p/broken.test]","Action":"build-output","Output":"# p/broken [p/broken.test]\\n"}
            {"ImportPath":"p/broken [p/broken.test]","Action":"build-output","Output":"broken/b.go:3:31: undefined: x\\n"}
            {"ImportPath":"p/broken [p/broken.test]","Action":"build-fail"}
            {"Time":"2025-01-01T00:00:00Z","Action":"start","Package":"p/broken"}
            {"Action":"output","Package":"p/broken","Output":"FAIL\\tp/broken [build failed]\\n"}
            {"Action":"fail","Package":"p/broken","Elapsed":0,"FailedBuild":"p/broken [p/broken.test]"}
            {"Action":"run","Package":"p","Test":"TestA"}
            {"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:5: got 1\\n"}
            {"Action":"fail","Package":"p","Test":"TestA"}
            {"Action":"run","Package":"p","Test":"TestB"}
            {"Action":"fail","Package":"p"}
            {"Action":"skip","Package":"p/empty"}

            """
        #expect(
            Self.told(output)
                == "2/2/0; p.TestA=failed p.TestB=failed; broken/b.go:3:31@broken/b.go:3 undefined: x; "
                + "p.TestA@a_test.go:5 got 1; p.TestB@ ")
    }

    @Test(arguments: [
        (#"{"Action":"fail","Package":"p","Elapsed":0}"#, "-; ; p@ "),
        (
            "{\"Action\":\"output\",\"Package\":\"p\",\"Output\":\"exit status 3\\n\"}\n{\"Action\":\"fail\",\"Package\":\"p\"}",
            "-; ; p@ exit status 3"
        ),
        // Cut off in the middle: the test did not pass.
        (#"{"Action":"run","Package":"p","Test":"TestA"}"#, "1/1/0; p.TestA=failed"),
        (#"{"Action":"pass","Package":"p","Test":"TestA/b_#01"}"#, "1/0/0; p.TestA/b_#01=passed"),
        (#"{"Action":"x"}"#, "-; "), (#"{"level":"info","Action":"run"}"#, "-; "), (#"{"Action":"#, "-; "),
    ])
    func `are those of go`(_ output: String, _ expected: String) {
        #expect(Self.told(output + "\n") == expected)
    }
}
