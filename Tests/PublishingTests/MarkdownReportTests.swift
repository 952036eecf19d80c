import Publishing
import Session
import Testing
import Text

@Suite struct MarkdownReportTests {
    private func report(_ exitCode: Int32, _ tests: TestReport? = nil, output: String = "") -> CommandReport {
        var report = CommandReport(
            exitCode: exitCode, ending: "exit \(exitCode)", duration: .milliseconds(120), output: output,
            outputByteCount: output.utf8.count)
        report.tests = tests
        return report
    }

    private var result: RunResult {
        var result = RunResult(verdict: .needsReview, message: "the command passes, but only with a changed test")
        result.commits = [
            CommitReport(
                id: "0123456789abcdef", subject: "Fix <b>it</b>, fixes #12",
                files: [FileSummary(path: BytePath("a`b.py"), kind: .add)])
        ]
        result.commit = "0123456789abcdef"
        result.branch = "graft/one"
        result.baseline = report(
            1,
            TestReport(
                tally: TestTally(run: 3, failed: 1, skipped: 1),
                failures: [
                    TestFailure(
                        name: "t.py::test_a", message: "@team: ![x](http://evil)", file: "t.py", line: 7,
                        excerpt: "```\n</details>")
                ]))
        var verification = Verification(commit: "0123456789abcdef", report: report(0))
        verification.restoration = Restoration(paths: ["tests/|x"], report: verification.report)
        verification.doubts = [
            Doubt(.weakenedCheck, isDecisive: false, message: "a mark"),
            Doubt(.protectedPath, isDecisive: true, message: "changed", path: "t|.py", line: 3, excerpt: "a | `b`"),
        ]
        result.verification = verification
        return result
    }

    @Test func `what a person has to judge stands first, what decides at its top`() throws {
        let text = MarkdownReport(result: result, start: nil).text(byteLimit: 100_000)
        #expect(text.hasPrefix("## ⚠️ Needs review\n\n> [!WARNING]\n> The command passes"))
        let lines = text.split(separator: "\n")
        let row = try #require(lines.firstIndex { $0.hasPrefix("| **must be judged**") })
        #expect(
            lines[row].hasSuffix("| <code>t&#124;&#46;py&#58;3</code> | changed<br><code>a &#124; &#96;b&#96;</code> |")
        )
        #expect(lines[row + 1].hasPrefix("| worth a look"))
        let commits = try #require(lines.firstIndex { $0.hasPrefix("### Commits") })
        #expect(row < commits)
    }

    @Test func `nothing of others is obeyed`() {
        let text = MarkdownReport(result: result, start: nil).text(byteLimit: 100_000)
        for order in ["<b>", "fixes #12", "fixes \\#1", "@team", "![", "http://"] {
            #expect(!text.contains(order), "\(order)")
        }
        #expect(text.contains("\n   ````text\n   ```\n   </details>\n   ````"))
    }

    @Test func `a report that is too long ends at a block and says so`() {
        let whole = MarkdownReport(result: result, start: nil).text(byteLimit: 100_000)
        for limit in [0, 1, 100, 300, 500, whole.utf8.count - 1] {
            let text = MarkdownReport(result: result, start: nil).text(byteLimit: limit)
            #expect(text.utf8.count <= limit)
            #expect(limit < 200 || text.hasSuffix("left out.*\n"))
            let kept = text.split(separator: "\n").dropLast().joined(separator: "\n")
            #expect(whole.split(separator: "\n").joined(separator: "\n").hasPrefix(kept))
        }
        #expect(MarkdownReport(result: result, start: nil).text(byteLimit: whole.utf8.count) == whole)
    }

    @Test func `what fails with protected files as before is shown, and how often it was tried`() {
        var judged = result
        let failing = report(1, TestReport(failures: [TestFailure(name: "test_hidden")]))
        judged.verification?.restoration = Restoration(paths: ["tests/a.py"], report: failing)
        judged.confirmation = Repetitions(passed: 0, total: 3)
        let text = MarkdownReport(result: judged, start: nil).text(byteLimit: 100_000)
        #expect(text.contains("### What fails with the protected files as before\n\n- `test_hidden`"))
        #expect(text.contains("| with these as before |  | ❌ **exit 1 in 120 ms**: `tests/a.py` |"))
        #expect(text.contains("| repeated | passed 0 of 3 times |  |"))
    }

    @Test func `what is broken is told once`() {
        var broken = result
        broken.verdict = .notFixed
        broken.verification = nil
        let text = MarkdownReport(result: broken, start: nil).text(byteLimit: 100_000)
        #expect(text.contains("### What remains broken"))
        #expect(!text.contains("### What failed before"))
    }
}
