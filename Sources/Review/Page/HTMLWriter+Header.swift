import Session
import Text

extension HTMLWriter {
    /// Writes the head of the page: task, verdict and facts.
    mutating func header(_ content: PageContent) {
        markup("<header>\n<p class=brand>Graft review</p>\n<h1>")
        text(content.title.prefix(300))
        markup("</h1>\n<p class=verdict><strong class=")
        markup(content.isGood ? "good>✓ " : "bad>✗ ")
        text(content.verdict)
        markup("</strong> ")
        text(content.message)
        markup("</p>\n")
        if let summary = content.summary, !summary.isEmpty {
            markup("<details class=words><summary>The model's closing words</summary>")
            prose(summary)
            markup("</details>\n")
        }
        if content.task.contains(where: \.isNewline) || content.task.count > 300 {
            markup("<details class=words><summary>The whole task</summary><pre>")
            text(content.task)
            markup("</pre></details>\n")
        }
        markup("<dl class=facts>")
        for fact in content.facts {
            markup("<div><dt>")
            text(fact.name)
            markup("<dd>")
            text(fact.value)
            markup("</div>")
        }
        markup("</dl>\n</header>\n")
    }

    /// Writes the session's command before and after.
    mutating func checks(_ content: PageContent, _ limits: PageLimits) {
        guard !content.checks.isEmpty else { return }
        markup("<section id=evidence aria-labelledby=evidence-h><h2 id=evidence-h>Evidence</h2>\n")
        for check in content.checks { run(check, limits) }
        doubts(content.doubts)
        markup("</section>\n")
    }

    /// Writes what a person has to judge.
    private mutating func doubts(_ doubts: [Doubt]) {
        guard !doubts.isEmpty else { return }
        markup("<ul class=doubts>\n")
        for doubt in doubts.prefix(Self.doubtCount) {
            markup(doubt.isDecisive ? "<li class=left>" : "<li>")
            text(doubt.placedMessage)
            if !doubt.excerpt.isEmpty {
                markup(" <code>")
                text(doubt.excerpt)
                markup("</code>")
            }
            markup("</li>\n")
        }
        markup("</ul>\n")
    }

    private static let doubtCount = 50

    /// Writes a command with its outcome; the output opens on demand.
    mutating func run(_ run: PageRun, _ limits: PageLimits) {
        let report = run.report
        markup("<details class=run><summary><span class=")
        let hidesStatus = ShellLine(run.command).hidesStatus
        markup(hidesStatus ? "dim>·" : report.wasStopped ? "dim>■" : report.isSuccess ? "good>✓" : "bad>✗")
        markup("</span> <code>")
        text(run.command.split(whereSeparator: \.isNewline).first.map { String($0.prefix(300)) } ?? "")
        markup("</code> <span class=how>")
        let scope = hidesStatus ? " of the last part only" : ""
        text("\(run.label): \(report.ending)\(scope) in \(report.duration.spelled)")
        markup("</span></summary>")
        let lines = run.command.split(whereSeparator: \.isNewline)
        if lines.count > 1 || run.command.count > 300 {
            markup("<pre class=command>")
            text(run.command.prefix(limits.outputLength))
            markup("</pre>")
        }
        if !report.isSuccess, let tests = report.tests {
            if let tally = tests.tally {
                markup("<p>")
                text("\(tally.spelled).")
                markup("</p>")
            }
            if !tests.failures.isEmpty {
                markup("<ul class=failures>")
                for failure in tests.failures {
                    markup("<li>")
                    text(failure.spelled)
                    markup("</li>")
                }
                markup("</ul>")
            }
        }
        let output = report.output.withoutStyling
        let shown = output.suffix(limits.outputLength)
        if shown.count < output.count || report.outputByteCount > report.output.utf8.count {
            markup("<p class=left>")
            text("Parts are left out: the command printed \(report.outputByteCount.grouped) bytes.")
            markup("</p>")
        }
        if shown.allSatisfy(\.isWhitespace) {
            markup("<p class=dim>It printed nothing.</p>")
        } else {
            markup("<pre tabindex=0>")
            text(shown)
            markup("</pre>")
        }
        markup("</details>\n")
    }

    /// Writes text of one line, with what stands between backticks as code.
    mutating func inline(_ content: String) {
        let parts = content.split(separator: "`", omittingEmptySubsequences: false)
        for (position, part) in parts.enumerated() {
            let isCode = position % 2 == 1 && position < parts.count - 1 && !part.isEmpty
            if isCode { markup("<code>") } else if position % 2 == 1 { text("`") }
            text(part)
            if isCode { markup("</code>") } else if position % 2 == 1, position < parts.count - 1 { text("`") }
        }
    }

    /// Writes paragraphs; indented ones and lists keep their lines.
    mutating func prose(_ content: String) {
        for paragraph in content.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .split(whereSeparator: { $0.allSatisfy(\.isWhitespace) })
        {
            let isCode = paragraph.allSatisfy { $0.hasPrefix("    ") || $0.hasPrefix("\t") }
            let isList = paragraph.contains { $0.hasPrefix("- ") || $0.hasPrefix("* ") }
            markup(isCode ? "<pre>" : isList ? "<p class=lines>" : "<p>")
            let whole = paragraph.joined(separator: isCode || isList ? "\n" : " ")
            if isCode { text(whole) } else { inline(whole) }
            markup(isCode ? "</pre>" : "</p>")
        }
    }
}
