import JSON
import Session
import Testing
import Text

@testable import Publishing

@Suite struct FindingTests {
    @Test(arguments: [
        ("a.py", "a.py"), ("./src/../a.py", "a.py"), ("/work/repo/src/a.py", "src/a.py"), ("src//a.py", "src/a.py"),
        ("file:///work/repo/a.py", "a.py"), ("/work/repository/a.py", nil), ("../a.py", nil), ("/etc/passwd", nil),
        ("a/../../b", nil), ("", nil), (".", nil), ("/work/repo", nil), ("/work/repo/", nil),
    ])
    func `a place is one of the tree or none`(_ file: String, _ path: String?) {
        #expect(SourcePlace(file, line: 3, roots: ["/work/repo"])?.path == path)
    }

    @Test func `a path is spelled as a reference of a URI`() {
        #expect(SourcePlace("a b/ü:[1]%.py", line: 0, roots: [])?.uri == "a%20b/%C3%BC%3A%5B1%5D%25.py")
        #expect(SourcePlace("a", line: 0, roots: [])?.line == nil)
    }

    private func result(_ failures: [TestFailure], doubts: [Doubt] = [], exitCode: Int32 = 1) -> RunResult {
        var result = RunResult(verdict: .notFixed, message: "it fails")
        var report = CommandReport(
            exitCode: exitCode, ending: "exit \(exitCode)", duration: .seconds(1), output: "one\ntwo\n",
            outputByteCount: 8)
        report.tests = TestReport(failures: failures)
        var verification = Verification(commit: "01", report: report)
        verification.doubts = doubts
        result.verification = verification
        return result
    }

    @Test func `a fingerprint stays when lines move, and is another one for each finding`() {
        let first = Finding.all(
            of: result([
                TestFailure(name: "t[1]", message: "took 3 ms", file: "t.py", line: 7),
                TestFailure(name: "a.c:3:4", message: "expected ';'", file: "a.c", line: 3),
                TestFailure(name: "a.c:9:4", message: "expected ';'", file: "a.c", line: 9),
                TestFailure(name: "a.c:9:4", message: "expected ')'", file: "a.c", line: 9),
            ]), start: nil)
        let second = Finding.all(
            of: result([
                TestFailure(name: "t[1]", message: "took 5 ms", file: "./t.py", line: 9),
                TestFailure(name: "a.c:13:4", message: "expected ';'", file: "a.c", line: 13),
                TestFailure(name: "a.c:19:4", message: "expected ';'", file: "a.c", line: 19),
                TestFailure(name: "a.c:19:4", message: "expected ')'", file: "a.c", line: 19),
            ]), start: nil)
        #expect(first.map(\.fingerprint) == second.map(\.fingerprint))
        #expect(Set(first.map(\.fingerprint)).count == 4)
    }

    @Test func `what a person has to judge comes first, and hints last`() {
        let doubts = [
            Doubt(.weakenedCheck, isDecisive: false, message: "hint"),
            Doubt(.protectedPath, isDecisive: true, message: "judge"),
        ]
        let findings = Finding.all(of: result([TestFailure(name: "t")], doubts: doubts), start: nil)
        #expect(findings.map(\.level) == [.warning, .error, .note])
    }

    @Test func `a command that fails without a word is a finding of its own, one that passes is none`() {
        let findings = Finding.all(of: result([]), start: nil)
        #expect(findings.map(\.rule) == ["command_failure"])
        #expect(findings.first?.text == "the command: exit 1")
        #expect(Finding.all(of: result([], exitCode: 0), start: nil).isEmpty)
    }

    @Test func `reports say the same of any text`() throws {
        let wild = "a<b>&\"'\u{1}\u{202E}\u{FFFE}]]>[x](http://evil) {0} \u{1F600}\r\nend"
        let result = result([TestFailure(name: wild, message: wild, file: "a b.py", line: 2, excerpt: wild)])
        let sarif = try JSON(SARIFReport(result: result, start: nil, version: "1").bytes)
        let found = try #require(sarif["runs"]?.elements.first { _ in true }?["results"]?.elements.first { _ in true })
        #expect(found["message"]?["text"]?.string?.contains("](") == false)
        let place = found["locations"]?.elements.first { _ in true }?["physicalLocation"]
        #expect(place?["artifactLocation"]?["uri"]?.string == "a%20b.py")
        #expect(place?["region"]?["startLine"]?.int == 2)
        let quality = try JSON(CodeQualityReport(result: result, start: nil).bytes)
        #expect(quality.elements.first { _ in true }?["location"]?["path"]?.string == "a b.py")
        let junit = String(decoding: JUnitReport(result: result, start: nil).bytes, as: UTF8.self)
        #expect(
            junit.contains("name=\"a&lt;b&gt;&amp;&quot;'^A&lt;U+202E&gt;&lt;U+FFFE&gt;]]&gt;[x](http://evil) {0} "))
        #expect(junit.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
    }
}
