import Foundation
import Repository
import Responses
import Session
import TestSupport
import Testing
import Text

@testable import Review

@Suite struct PageTests {
    private func written(_ body: (inout HTMLWriter) -> Void) -> String {
        var writer = HTMLWriter()
        body(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func page(_ content: PageContent, limits: PageLimits = .standard) -> String {
        var random = SystemRandomNumberGenerator()
        return String(decoding: ReviewPage(content, limits: limits).html(using: &random), as: UTF8.self)
    }

    private func content(_ commits: [PageCommit] = []) -> PageContent {
        var content = PageContent(
            title: "Repair", task: "Repair", verdict: "fixed", isGood: true, message: "it passes", summary: nil)
        content.commits = commits
        return content
    }

    @Test(arguments: [
        ("a < b && c > \"d\" 'e'", "a &lt; b &amp;&amp; c &gt; &quot;d&quot; &#39;e&#39;"),
        ("tab\tand\r\nline", "tab\tand\nline"), ("a\rb", "a<span class=inv>^M</span>b"),
        ("\u{202E}x", "<span class=inv>&lt;U+202E&gt;</span>x"),
        ("\u{1B}[0m", "<span class=inv>^[</span>[0m"),
        ("grün 宽 👍", "grün 宽 👍"),
    ])
    func `text cannot become markup, and nothing in it is invisible`(_ text: String, _ expected: String) {
        #expect(written { $0.text(text) } == expected)
    }

    @Test func `an attribute's value holds no markup at all`() {
        #expect(written { $0.value("\">\u{202E}<b>\0") } == "&quot;&gt;&lt;U+202E&gt;&lt;b&gt;^@")
    }

    @Test(arguments: [
        (0.0, "0"), (1.04, "1"), (1.06, "1.1"), (-0.26, "-0.3"), (12.5, "12.5"), (.nan, "0"), (-.infinity, "0"),
    ])
    func `coordinates have one decimal`(_ value: Double, _ expected: String) {
        #expect(written { $0.coordinate(value) } == expected)
    }

    @Test func `the policy names the nonce of style and script, which differs from page to page`() throws {
        let (one, two) = (page(content()), page(content()))
        let nonce = try #require(one.firstMatch(of: #/script-src 'nonce-(\w+)'/#)?.1)
        #expect(one.contains("<script nonce=\(nonce)>") && one.contains("<style nonce=\(nonce)>"))
        #expect(!two.contains(nonce) && nonce.count > 20)
    }

    @Test func `a pending commit has a command to copy, which needs no script`() {
        var content = content([
            PageCommit(number: 1, id: "a", subject: "Use `x`", body: "As `y` and ` say."),
            PageCommit(number: 2, id: "b", subject: "Two", body: "", acceptance: "accepted"),
        ])
        #expect(!page(content).contains("class=take"))
        content.session = "20261121-0608-whbs"
        let text = page(content)
        let command = "<p class=take><code>graft review accept --session 20261121-0608-whbs 1</code>"
        #expect(text.contains(command + " <button type=button class=copy hidden>Copy</button>"))
        #expect(text.matches(of: #/class=take/#).count == 1)
        #expect(text.contains("Use <code>x</code></h3>") && text.contains("<p>As <code>y</code> and ` say.</p>"))
        content.commits[1].acceptance = nil
        #expect(page(content).contains("graft review accept --session 20261121-0608-whbs --all</code>"))
    }

    @Test func `milestones are told with time, kind, sentence and evidence, and are no markup`() throws {
        #expect(!page(content()).contains("id=milestones"))
        var content = content()
        func reach(_ milestone: Milestone) throws {
            let line = try #require(RunEvent.milestoneReported(milestone, turn: 2).line(at: .seconds(90)))
            content.timeline.add(try #require(JournalLine(Array(line.dropLast()))))
        }
        let place = Milestone.Evidence(command: "make <test>", file: "src/a b.c", line: 12, commit: "0123456789abcdef")
        try reach(Milestone(.rootCause, summary: "The `limit` is <b>off</b>", evidence: place, by: .model))
        try reach(Milestone(.fixApplied, summary: "Committed", by: .harness))
        let text = page(content)
        #expect(text.contains("<a href=#milestones>Milestones</a>"))
        #expect(text.contains("◆</span> <strong>root cause</strong>: The <code>limit</code> is &lt;b&gt;off&lt;/b&gt;"))
        #expect(
            text.contains(
                "turn 2, after 1 min 30 s · <code>src/a b.c:12, $ make &lt;test&gt;, commit 0123456789</code>"))
        #expect(text.contains("<span class=good>✓</span> <strong>fix applied</strong>: Committed"))
        for _ in 0..<300 { try reach(Milestone(.progress, summary: "on", by: .model)) }
        #expect(page(content).contains("102 earlier ones are left out"))
    }

    @Test func `a title of markup stays a title`() {
        var content = content()
        content.title = "</title><script>x</script>"
        #expect(!page(content).contains("<script>x"))
    }

    @Test func `lines beyond the limits are counted, for a file and for the page`() throws {
        let lines = (1...50).map { "+line \($0)\n" }.joined()
        let file = SampleDiff.file("long.txt", SampleDiff.hunk(lines))
        var commit = PageCommit(number: 1, id: String(repeating: "a", count: 40), subject: "One", body: "")
        commit.files = [file, file, file]
        let text = page(content([commit]), limits: PageLimits(linesPerFile: 30, lines: 45, openLines: 10))
        #expect(text.contains("20 of 50 lines are left out; see: git show aaaaaaaaaa -- long.txt"))
        #expect(text.contains("35 of 50 lines are left out") && text.contains("50 of 50 lines are left out"))
        #expect(!text.contains("<details class=file id=c1-f1 open>"))
    }

    @Test func `a very long line is cut`() throws {
        let file = SampleDiff.file("a", SampleDiff.hunk("+" + String(repeating: "x", count: 500) + "\n"))
        var commit = PageCommit(number: 1, id: "", subject: "One", body: "")
        commit.files = [file]
        let text = page(content([commit]), limits: PageLimits(lineLength: 100))
        #expect(text.contains(String(repeating: "x", count: 100) + "<") && text.contains("…"))
        #expect(!text.contains(String(repeating: "x", count: 101)))
    }

    @Test func `an output is shown from its end`() {
        var content = content()
        let output = String(repeating: "early ", count: 100) + "last words"
        content.checks = [
            PageRun(
                label: "before", command: "make",
                report: CommandReport(
                    exitCode: 2, ending: "exit 2", duration: .seconds(3), output: output, outputByteCount: 9_000_000))
        ]
        let text = page(content, limits: PageLimits(outputLength: 20))
        #expect(text.contains("early last words</pre>") && text.contains("printed 9\u{202F}000\u{202F}000 bytes"))
        #expect(text.contains("before: exit 2 in 3 s"))
    }
}
