/// Shows Markdown on a terminal while it comes: words wrapped, headings, `code` and **bold** in their tones.
///
/// Tables and code keep their form. Marks are taken away only where colours say the same; without colours, and where
/// the output is no terminal, the text stays as it is written.
public struct MarkdownStream: Sendable {
    /// So much text waits for the end of bold words or of code before their mark is taken for a character.
    private static let longestHold = 400

    private let style: TerminalStyle
    private var wrap: WordWrap
    /// The beginning of a line whose kind is not known yet, or words behind a mark that may still be closed.
    private var held = ""
    private var line: MarkdownLine?
    private var isInCode = false

    /// Begins at the start of a line.
    public init(style: TerminalStyle) {
        self.style = style
        wrap = WordWrap(width: nil, style: style)
    }

    /// The column behind what was written; nil in a line that the terminal wraps itself.
    public var column: Int? { line == .asIs ? (wrap.column == 0 ? 0 : nil) : wrap.column }

    /// Takes text as it comes; returns what to write.
    public mutating func add(_ text: String) -> String {
        guard let columns = style.columns else { return end() + text }
        wrap.width = columns - 1
        var written = ""
        var rest = text[...]
        while let end = rest.firstIndex(of: "\n") {
            held += rest[..<end]
            written += advance(isWhole: true)
            written += wrap.endLine()
            line = nil
            rest = rest[end...].dropFirst()
        }
        held += rest
        return written + advance(isWhole: false)
    }

    /// Ends the text; returns what was held back.
    public mutating func end() -> String {
        let rest = advance(isWhole: true) + wrap.flush()
        self = MarkdownStream(style: style)
        return rest
    }

    private mutating func advance(isWhole: Bool) -> String {
        if line == nil {
            line = begin(isWhole: isWhole)
            guard line != nil else { return "" }
        }
        guard let line else { return "" }
        switch line {
        case .asIs, .fence:
            defer { held = "" }
            let width = wrap.width
            defer { wrap.width = width }
            wrap.width = nil
            return wrap.add(held, line == .fence ? .faint : .plain) + (isWhole ? wrap.flush() : "")
        case .heading: return words(isWhole: isWhole, .strong)
        case .prose: return words(isWhole: isWhole, .plain)
        }
    }

    /// Finds out what the line is, and sets how it is wrapped.
    private mutating func begin(isWhole: Bool) -> MarkdownLine? {
        guard isWhole || !held.isEmpty, let kind = MarkdownLine(held[...], isWhole: isWhole) else { return nil }
        if kind == .fence { isInCode.toggle() }
        let kept = isInCode && kind != .fence ? .asIs : kind
        switch kept {
        case .asIs, .fence: wrap.indent = 0
        case .prose(let indent): wrap.indent = min(indent, (wrap.width ?? 0) / 2)
        case .heading(let marks):
            wrap.indent = 0
            if style.hasColor { held.removeFirst(marks) }
        }
        return kept
    }

    /// Writes what is held as far as its marks are closed.
    private mutating func words(isWhole: Bool, _ tone: TextTone) -> String {
        guard style.hasColor else {
            defer { held = "" }
            return wrap.add(held, tone)
        }
        var written = ""
        var rest = held[...]
        while let mark = rest.firstIndex(where: { $0 == "`" || $0 == "*" }) {
            written += wrap.add(rest[..<mark], tone)
            rest = rest[mark...]
            let run = rest.prefix { $0 == rest.first }
            if run.endIndex == rest.endIndex, !isWhole { break }
            let isMark = rest.first == "`" || (run.count == 2 && rest.dropFirst(2).first?.isWhitespace == false)
            guard isMark else {
                written += wrap.add(run, tone)
                rest = rest[run.endIndex...]
                continue
            }
            let inner = rest[run.endIndex...]
            if let end = Self.end(of: run, in: inner) {
                written += rest.first == "`" ? wrap.add(inner[..<end], .place) : strong(inner[..<end])
                rest = inner[end...].dropFirst(run.count)
            } else if isWhole || inner.count > Self.longestHold {
                written += wrap.add(run, tone)
                rest = inner
            } else {
                break
            }
        }
        let isHeld = !isWhole && (rest.first == "`" || rest.first == "*")
        if !isHeld {
            written += wrap.add(rest, tone)
            rest = ""
        }
        held = String(rest)
        return written
    }

    /// Bold words, with the code among them.
    private mutating func strong(_ text: Substring) -> String {
        var written = ""
        for (index, part) in text.split(separator: "`", omittingEmptySubsequences: false).enumerated() {
            written += wrap.add(part, index % 2 == 0 ? .strong : .place)
        }
        return written
    }

    /// Where a mark of the same length stands again.
    private static func end(of mark: Substring, in text: Substring) -> Substring.Index? {
        var rest = text
        while let start = rest.firstIndex(of: mark.first ?? " ") {
            let run = rest[start...].prefix { $0 == mark.first }
            if run.count == mark.count, start > text.startIndex || mark.first == "`" { return start }
            rest = rest[run.endIndex...]
        }
        return nil
    }
}
