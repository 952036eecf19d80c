import Repository
import Terminal

extension HTMLWriter {
    /// Writes at most `lines` lines of hunks as a table.
    ///
    /// Numbers and signs are not text, so that what is copied is the code. The page's script makes the side-by-side
    /// view from the same rows: lines that took each other's place have the same `data-p`.
    ///
    /// - Parameter language: How the code is coloured; nil for no colours.
    mutating func diff(_ hunks: [DiffHunk], lines: Int, _ limits: PageLimits, language: SyntaxLanguage? = nil) {
        var left = lines
        markup("<div class=scroll><table class=diff><tbody>\n")
        for hunk in hunks where left > 0 {
            markup("<tr class=h><td><td><td>")
            text("@@ -\(hunk.oldStart),\(hunk.oldCount) +\(hunk.newStart),\(hunk.newCount) @@ \(hunk.heading)")
            markup("\n")
            // What was and what is are two texts: a comment that begins in one is none in the other.
            var (old, new) = (language.map(SyntaxPainter.init), language.map(SyntaxPainter.init))
            for (position, line) in MarkedHunk(hunk, limit: left).lines.enumerated() {
                let code = Array(line.spans.map(\.text).joined().prefix(limits.lineLength))
                let before = line.kind == .added ? nil : old?.tones(of: code)
                let tones = line.kind == .removed ? before : new?.tones(of: code)
                row(line, position, limits, tones: tones ?? [])
                left -= 1
            }
        }
        markup("</tbody></table></div>\n")
    }

    private mutating func row(
        _ line: MarkedLine, _ position: Int, _ limits: PageLimits, tones: [SyntaxPainter.Tone]
    ) {
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
        var rest = tones[...]
        for span in line.spans where room > 0 {
            let shown = span.text.prefix(room)
            self.span(span, text: shown, line.kind, tones: rest.prefix(shown.count))
            rest = rest.dropFirst(shown.count)
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

    private mutating func span(
        _ span: MarkedSpan, text content: Substring, _ kind: DiffLine.Kind, tones: ArraySlice<SyntaxPainter.Tone>
    ) {
        let isMarked = span.isChanged && kind != .context
        if isMarked { markup(kind == .added ? "<ins>" : "<del>") }
        switch span.kind {
        case .text, .tab: code(content, tones)
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

    /// Writes text in stretches of one tone.
    private mutating func code(_ content: Substring, _ tones: ArraySlice<SyntaxPainter.Tone>) {
        guard tones.contains(where: { $0 != .plain }), tones.count == content.count else { return text(content) }
        var (rest, tones) = (content, tones)
        while let tone = tones.first {
            let count = tones.prefix { $0 == tone }.count
            switch tone {
            case .plain: break
            case .word: markup("<i class=sw>")
            case .string: markup("<i class=ss>")
            case .comment: markup("<i class=sc>")
            case .number: markup("<i class=sn>")
            }
            text(rest.prefix(count))
            if tone != .plain { markup("</i>") }
            (rest, tones) = (rest.dropFirst(count), tones.dropFirst(count))
        }
    }
}
