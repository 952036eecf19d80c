import Evidence
import Session
import Testing

@Suite struct `Report files` {
    private static func read(_ text: String) -> (reading: TestReading, notices: [String]) {
        ReportReader.read([("r.xml", Array(text.utf8))])
    }

    /// A reading in one line: tally, outcomes by name, failures with place and message.
    private static func told(_ reading: TestReading) -> String {
        let tally = reading.tally.map { "\($0.run)/\($0.failed)/\($0.skipped)" } ?? "-"
        let cases = reading.cases.map { "\($0.name)=\($0.outcome.rawValue)" }.joined(separator: " ")
        let failures = reading.failures.map { failure in
            "\(failure.name)@\(failure.file ?? "")\(failure.line.map { ":\($0)" } ?? "") \(failure.message)"
        }
        return ([tally, cases] + failures).joined(separator: "; ")
    }

    @Test func `of jest-junit repeat the whole name`() {
        let (reading, notices) = Self.read(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="jest tests" tests="3" failures="1" errors="1" time="0.7">
              <testsuite name="sum" errors="0" failures="1" skipped="1" tests="3">
                <testcase classname="sum adds" name="sum adds" time="0.001"/>
                <testcase classname="sum subtracts" name="sum subtracts" time="0.002">
                  <failure>Error: expect(received).toBe(expected) // Object.is equality

            Expected: 2
            Received: 1
                at Object.&lt;anonymous&gt; (/src/node_modules/expect/build/index.js:2:3)
                at Object.toBe (/src/sum.test.js:7:19)</failure>
                </testcase>
                <testcase classname="sum later" name="sum later" time="0"><skipped/></testcase>
              </testsuite>
              <testsuite name="broken.test.js" errors="1" failures="0" skipped="0" tests="0"/>
            </testsuites>
            """)
        #expect(notices.isEmpty)
        #expect(
            Self.told(reading)
                == "2/1/1; sum adds=passed sum subtracts=failed sum later=skipped; "
                + "sum subtracts@/src/sum.test.js:7 Error: expect(received).toBe(expected) // Object.is equality; "
                + "broken.test.js@ 1 error is counted that no test tells of, as of code that does not compile")
    }

    @Test func `of dotnet are read in three formats`() {
        let junit = """
            <testsuites><testsuite name="a.dll" tests="2" failures="1" errors="0" skipped="0">
            <testcase classname="Calc.Tests.SumTests" name="Adds(a: 1, b: &quot;x.y&quot;)" time="0.01"><failure type="failure" \
            message="Assert.Equal() Failure&#xD;&#xA;Expected: 3">   at Xunit.Assert.Equal() in /_/src/Xunit.cs:line 5
               at Calc.Tests.SumTests.Adds(Int32 a) in /src/SumTests.cs:line 12</failure></testcase>
            <testcase classname="Calc.Tests.SumTests" name="Calc.Tests.SumTests.Fine" time="0.01"/></testsuite></testsuites>
            """
        #expect(
            Self.told(Self.read(junit).reading).hasPrefix(
                "2/1/0; Calc.Tests.SumTests.Adds(a: 1, b: \"x.y\")=failed Calc.Tests.SumTests.Fine=passed; "))
        let xunit = """
            <assemblies><assembly name="/src/a.dll" test-framework="xUnit.net 2.4"><errors><error type="fixture-cleanup" \
            name="Calc.Fixture"><failure exception-type="E"><message><![CDATA[cannot close]]></message></failure></error>\
            </errors><collection name="c">
            <test name="Calc.SumTests.Adds(a: 1)" type="Calc.SumTests" method="Adds" result="Fail"><failure><message>\
            <![CDATA[Expected 3]]></message><stack-trace><![CDATA[   at Calc.SumTests.Adds() in /src/SumTests.cs:line 12]]>\
            </stack-trace></failure></test>
            <test name="Calc.SumTests.Fine" type="Calc.SumTests" method="Fine" result="Pass"/>
            <test name="Calc.SumTests.Later" type="Calc.SumTests" method="Later" result="Skip"><reason>no</reason></test>
            </collection></assembly></assemblies>
            """
        #expect(
            Self.told(Self.read(xunit).reading)
                == "2/1/1; Calc.SumTests.Adds(a: 1)=failed Calc.SumTests.Fine=passed Calc.SumTests.Later=skipped; "
                + "Calc.SumTests.Adds(a: 1)@/src/SumTests.cs:12 Expected 3; Calc.Fixture@ cannot close")
        let trx = """
            <?xml version="1.0" encoding="utf-8"?>
            <TestRun id="1" xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><Results>
            <UnitTestResult testId="t1" testName="Adds (1)" outcome="Failed"><Output><StdOut>x</StdOut><ErrorInfo>
            <Message>Expected 3</Message><StackTrace>at Calc.SumTests.Adds() in C:\\src\\SumTests.cs:line 12</StackTrace>
            </ErrorInfo></Output></UnitTestResult>
            <UnitTestResult testId="t2" testName="Calc.SumTests.Fine" outcome="Passed"/>
            <UnitTestResult testId="t3" testName="Later" outcome="NotExecuted"/></Results><TestDefinitions>
            <UnitTest id="t1" name="Adds (1)"><TestMethod className="Calc.SumTests" name="Adds"/></UnitTest>
            <UnitTest id="t2" name="x"><TestMethod className="Calc.SumTests, Calc, Version=1" name="Fine"/></UnitTest>
            <UnitTest id="t3" name="x"><TestMethod className="Calc.SumTests" name="Later"/></UnitTest>
            </TestDefinitions></TestRun>
            """
        #expect(
            Self.told(Self.read(trx).reading)
                == "2/1/1; Calc.SumTests.Adds (1)=failed Calc.SumTests.Fine=passed Calc.SumTests.Later=skipped; "
                + "Calc.SumTests.Adds (1)@C:\\src\\SumTests.cs:12 Expected 3")
        let nunit = """
            <test-run id="2"><test-suite type="Assembly"><test-case fullname="Calc.SumTests.Adds" classname="Calc.SumTests" \
            result="Failed"><failure><message>Expected: 3</message><stack-trace>at Calc.SumTests.Adds() in /s/S.cs:line 4\
            </stack-trace></failure></test-case><test-case fullname="Calc.SumTests.Fine" result="Passed"/></test-suite></test-run>
            """
        #expect(
            Self.told(Self.read(nunit).reading)
                == "2/1/0; Calc.SumTests.Adds=failed Calc.SumTests.Fine=passed; Calc.SumTests.Adds@/s/S.cs:4 Expected: 3"
        )
    }

    @Test(arguments: [
        ("<testsuite><testcase name='a' classname='C' status='disabled'/></testsuite>", "0/0/1; C.a=skipped"),
        (
            "<testsuite><testcase name='a'/><testcase name='a'><failure/></testcase></testsuite>",
            "2/1/0; a=passed a #2=failed; a #2@ "
        ),
        ("<testsuite name='S'><error message='no server'/></testsuite>", "-; ; S@ no server"),
        ("<testsuite/>", "-; "),
        (
            "<testsuites><testsuite name='s'><testcase classname='test' name='a'><failure/><skipped/></testcase></testsuite></testsuites>",
            "0/0/1; s > a=skipped"
        ),
        (
            "<testsuite tests='1' failures='99999999999999999999' errors='-5'><testcase name='a'/></testsuite>",
            "1/0/0; a=passed"
        ),
        (
            "<testsuite><testcase name='a'><failure message='&#27;[31mred&#27;[0m'>t.c:3: x</failure></testcase></testsuite>",
            "1/1/0; a=failed; a@t.c:3 red"
        ),
    ])
    func `are read with care`(_ text: String, _ expected: String) {
        let (reading, notices) = Self.read(text)
        #expect(Self.told(reading) == expected)
        #expect(notices.isEmpty)
        #expect(reading.formats == ["junit"])
    }

    @Test(arguments: [
        ("", "the report r.xml is empty"), ("hello", "the report r.xml is no report of tests that is known"),
        ("<coverage/>", "the report r.xml is no report of tests that is known: it begins with <coverage>"),
        ("{\"a\":1}", "the report r.xml is no report of tests that is known"),
        (
            "<!DOCTYPE t [<!ENTITY x 'y'>]><testsuite><testcase name='&x;'/></testsuite>",
            "the report r.xml is refused: line 1: it declares entities, which are refused"
        ),
    ])
    func `that are none give nothing but a notice`(_ text: String, _ notice: String) {
        let (reading, notices) = Self.read(text)
        #expect(reading == TestReading())
        #expect(notices == [notice])
    }

    @Test func `that are cut off give what was read`() {
        let (reading, notices) = Self.read("<testsuite tests='3'><testcase name='a'/><testcase name='b'><failure")
        #expect(Self.told(reading) == "1/0/0; a=passed")
        #expect(notices == ["the report r.xml is broken (line 1: unclosed token); what stands before that is read"])
    }

    @Test func `with a tag without end are given up`() {
        let long = "<testsuite name='" + String(repeating: "x", count: 6 << 20)
        let (_, notices) = Self.read(long)
        #expect(notices == ["the report r.xml has a tag or comment that is too long"])
    }

    @Test func `give names of one line and a limited length`() {
        let long = String(repeating: "é", count: 5000)
        let (reading, _) = Self.read(
            "<testsuite><testcase name='a&#10;b'><failure message='\(long)'/></testcase><testcase name='\(long)'/></testsuite>"
        )
        #expect(reading.cases.map(\.name) == ["a b", String(repeating: "é", count: 500)])
        #expect(reading.failures.map(\.name) == ["a b"])
        #expect(reading.failures[0].message == String(repeating: "é", count: 200))
    }

    @Test func `of TAP and go are told by their text`() {
        #expect(Self.told(Self.read("TAP version 13\n1..1\nok 1 - a\n").reading) == "1/0/0; a=passed")
        let event = #"{"Action":"fail","Package":"p","Test":"TestA"}"#
        #expect(Self.told(Self.read(event + "\n").reading) == "1/1/0; p.TestA=failed; p.TestA@ ")
    }

    @Test func `of one test in two files tell it once`() {
        let one = "<testsuite><testcase classname='C' name='a'/><testcase classname='C' name='b'/></testsuite>"
        let two = "<testsuite><testcase classname='C' name='a'><failure message='m'/></testcase></testsuite>"
        let (reading, _) = ReportReader.read([("1.xml", Array(one.utf8)), ("2.xml", Array(two.utf8))])
        #expect(Self.told(reading) == "2/1/0; C.a=failed C.b=passed; C.a@ m")
    }
}
