import Session
import Testing
import Text

@testable import Publishing

@Suite struct WorkflowTests {
    @Test(arguments: [
        ("plain", "plain"), ("100%", "100%25"), ("a\r\nb\nc", "a%0Ab%0Ac"), ("a:b,c", "a:b,c"), ("::x", "::x"),
        ("a\u{1B}[m", "a^[[m"), ("%0A", "%250A"),
    ])
    func `a message is one line that says all`(_ message: String, _ text: String) {
        #expect(WorkflowCommand(name: "error", message: message).line == "::error::\(text)\n")
    }

    @Test func `a property cannot begin another one, nor end the properties`() {
        let command = WorkflowCommand(
            name: "error", properties: [("file", "a,line=9::b%.c"), ("title", "x\n::error::y")], message: "m")
        #expect(command.line == "::error file=a%2Cline=9%3A%3Ab%25.c,title=x%0A%3A%3Aerror%3A%3Ay::m\n")
    }

    @Test(arguments: [
        ("::error::x\n", ":\u{200B}:error::x\n"), ("  \t::set-output name=a::b", "  \t:\u{200B}:set-output name=a::b"),
        ("\u{3000}::x", "\u{3000}:\u{200B}:x"), ("a ::x", "a ::x"), ("a\r::x", "a\r:\u{200B}:x"),
        (":a:\n::", ":a:\n:\u{200B}:"),
        ("a ##[set-output name=v]fixed", "a ##\u{200B}[set-output name=v]fixed"), ("###[x", "###\u{200B}[x"),
        ("# [x] #[y]", "# [x] #[y]"), ("{\"a\":\"##[error]\"}\n", "{\"a\":\"##\\u005berror]\"}\n"),
        ("{}\n##[x", "{}\n##\u{200B}[x"), ("a::b", "a::b"),
    ])
    func `nothing that others wrote is obeyed, in whatever pieces it comes`(_ text: String, _ shown: String) {
        let bytes = Array(text.utf8)
        for cut in 0...bytes.count {
            var guardian = WorkflowGuard()
            let result = guardian.guarded(Array(bytes[..<cut])) + guardian.guarded(Array(bytes[cut...]))
            #expect(String(decoding: result, as: UTF8.self) == shown)
        }
    }

    private func result(failures: Int, told: Int) -> RunResult {
        var result = RunResult(verdict: .notFixed, message: "it fails")
        var report = CommandReport(
            exitCode: 1, ending: "exit 1", duration: .zero, output: "", outputByteCount: 0)
        report.tests = TestReport(
            tally: TestTally(run: failures, failed: failures),
            failures: (0..<told).map { TestFailure(name: "t\($0)", file: "a.py", line: $0 + 1) })
        result.baseline = report
        return result
    }

    @Test(arguments: [(3, 3, 4, false), (9, 9, 10, false), (10, 10, 10, true), (70, 50, 10, true), (3, 2, 4, true)])
    func `the rest is told as a sum`(_ failures: Int, _ told: Int, _ lineCount: Int, _ hasRest: Bool) {
        let annotations = WorkflowAnnotations(
            result: result(failures: failures, told: told), start: nil, workspace: nil)
        let lines = annotations.text.split(separator: "\n")
        #expect(lines.count == lineCount)
        #expect(lines.allSatisfy { $0.hasPrefix("::error ") })
        #expect(lines[1] == "::error file=a.py,line=1,title=t0::t0")
        #expect(lines.last?.contains("more failure") == hasRest)
        let shown = lineCount - 1 - (hasRest ? 1 : 0)
        #expect(!hasRest || lines.last?.contains("::\(failures - shown) more") == true)
    }

    @Test func `paths are those of the workspace`() {
        let start = RunStart(
            repository: "/w/sub", base: "0", start: "0", branch: "b", tree: "/w/sub", task: nil, command: "make",
            model: "m", endpoint: "e", sandbox: "s", time: 0)
        let annotations = WorkflowAnnotations(result: result(failures: 1, told: 1), start: start, workspace: "/w")
        #expect(annotations.text.contains("file=sub/a.py,line=1"))
    }

    private struct Same: RandomNumberGenerator {
        func next() -> UInt64 { 0xAB }
    }

    @Test func `an output is one line between two that nobody knows`() {
        var result = RunResult(verdict: .fixed, message: "a\ngraft_abab\nverdict=x")
        result.branch = "graft/x"
        result.sessionFolder = "/state/20261127-1"
        var random = Same()
        let text = StepOutputs(result: result, exitCode: 70, files: [("result", "/r.json")]).text(using: &random)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 9 * 3 + 1)
        #expect(lines[1] == "fixed" && lines[4] == "70" && lines[7] == "a graft_abab verdict=x")
        #expect(text.contains("session<<graft_abab\n20261127-1\ngraft_abab\n"))
    }
}
