import Repository
import Terminal

extension HTMLWriter {
    /// Writes at most `lines` lines of hunks as a table.
    ///
    /// Numbers and signs are not text, so that what is copied is the code. The page's script makes the side-by-side
    /// view from the same rows: lines that took each other's place have the same `data-p`.
    mutating func diff(_ hunks: [DiffHunk], lines: Int, _ limits: PageLimits) {
        var left = lines
        markup("<div class=scroll><table class=diff><tbody>\n")
        for hunk in hunks where left > 0 {
            markup("<tr class=h><td><td><td>")
            text("@@ -\(hunk.oldStart),\(hunk.oldCount) +\(hunk.newStart),\(hunk.newCount) @@ \(hunk.heading)")
            markup("\n")
            for (position, line) in MarkedHunk(hunk, limit: left).lines.enumerated() {
                row(line, position, limits)
                left -= 1
            }
        }
        markup("</tbody></table></div>\n")
    }

    private mutating func row(_ line: MarkedLine, _ position: Int, _ limits: PageLimits) {
        switch line.kind {
        case .context: markup("<tr")
        case .added: markup("<tr class=a")
        case .removed: markup("<tr class=r")
        }
        if let counterpart = line.counterpart {
            markup(" data-p=")
            number(line.kind == .removed ? position : counterpart)
        }
        markup("><td")
        lineNumber(line.oldNumber)
        markup("><td")
        lineNumber(line.newNumber)
        markup("><td>")
        var room = limits.lineLength
        for span in line.spans where room > 0 {
            self.span(span, text: span.text.prefix(room), line.kind)
            room -= span.text.count
        }
        if room < 0 { markup("<span class=inv>…</span>") }
        if !line.hasNewline { markup("<span class=inv> no line feed at the end</span>") }
        markup("\n")
    }

    private mutating func lineNumber(_ value: Int?) {
        guard let value else { return }
        markup(" data-n=")
        number(value)
    }

    private mutating func span(_ span: MarkedSpan, text content: Substring, _ kind: DiffLine.Kind) {
        let isMarked = span.isChanged && kind != .context
        if isMarked { markup(kind == .added ? "<ins>" : "<del>") }
        switch span.kind {
        case .text, .tab: text(content)
        case .trailing:
            markup("<span class=trail>")
            text(content)
            markup("</span>")
        case .invisible:
            markup("<span class=inv>")
            text(content)
            markup("</span>")
        }
        if isMarked { markup(kind == .added ? "</ins>" : "</del>") }
    }
}
