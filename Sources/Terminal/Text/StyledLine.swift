import Text

/// One line of text for a terminal, in stretches of one tone each.
public struct StyledLine: Sendable, Hashable, ExpressibleByStringLiteral {
    /// A stretch of one tone. Its text holds no control characters.
    public struct Span: Sendable, Hashable {
        /// What to show.
        public let text: String
        /// What it means.
        public let tone: TextTone
    }

    /// The stretches from left to right.
    public private(set) var spans: [Span] = []
    /// How many columns the line takes.
    public private(set) var width = 0

    /// Makes a line of one stretch.
    public init(_ text: String = "", _ tone: TextTone = .plain) {
        append(text, tone)
    }

    /// Makes a plain line.
    public init(stringLiteral text: String) {
        self.init(text)
    }

    /// Adds text at the end.
    public mutating func append(_ text: String, _ tone: TextTone = .plain) {
        guard !text.isEmpty else { return }
        width += text.cellWidth
        if let last = spans.last, last.tone == tone {
            spans[spans.count - 1] = Span(text: last.text + text, tone: tone)
        } else {
            spans.append(Span(text: text, tone: tone))
        }
    }

    /// Adds a line at the end.
    public mutating func append(_ line: StyledLine) {
        for span in line.spans { append(span.text, span.tone) }
    }

    /// The line with another one behind it.
    public func followed(by line: StyledLine) -> StyledLine {
        var whole = self
        whole.append(line)
        return whole
    }

    /// The text alone.
    public var text: String { spans.map(\.text).joined() }

    /// The text with escape sequences: all of them, or only those of bars and selections.
    public func escaped(hasColor: Bool) -> String {
        spans.map { span in
            guard let rendition = span.tone.rendition(hasColor: hasColor) else { return span.text }
            return "\u{1B}[\(rendition)m\(span.text)\u{1B}[0m"
        }.joined()
    }

    /// The line with spaces up to a width.
    public func padded(to target: Int, _ tone: TextTone = .plain) -> StyledLine {
        var line = self
        line.append(String(repeating: " ", count: max(0, target - width)), tone)
        return line
    }

    /// The line within a width, ending in "…" if it is longer.
    public func cut(to limit: Int) -> StyledLine {
        guard width > limit else { return self }
        guard limit > 0 else { return StyledLine() }
        let (line, rest) = split(at: limit - 1)
        return line.followed(by: StyledLine("…", rest.spans.first?.tone ?? .plain))
    }

    /// Cuts the line into pieces of at most `limit` columns, wherever that is; the last of `count` pieces has the rest.
    public func wrapped(to limit: Int, count: Int = .max) -> [StyledLine] {
        var (lines, rest) = ([StyledLine](), self)
        while rest.width > limit, limit > 1, lines.count + 1 < count {
            let (head, tail) = rest.split(at: limit)
            lines.append(head)
            rest = tail
        }
        return lines + [rest]
    }

    /// Cuts the line into lines of at most `limit` columns, between words where there are any.
    ///
    /// - Parameter indent: How many columns the lines after the first begin with, at most half of them.
    public func filled(to limit: Int, indent: Int = 0) -> [StyledLine] {
        let space = String(repeating: " ", count: max(0, min(indent, limit / 2)))
        var (lines, rest) = ([StyledLine](), self)
        while rest.width > limit, limit > 1 {
            // The space that a line begins with is no place to break it.
            let first = lines.isEmpty ? 0 : space.count
            let head = rest.split(at: limit + 1).head.text.dropFirst(first)
            let words = head.lastIndex(of: " ").map { head[..<$0] } ?? ""
            let hasBreak = words.contains { $0 != " " }
            let (line, tail) = rest.split(at: hasBreak ? first + words.cellWidth : limit)
            lines.append(line)
            rest = StyledLine(space).followed(by: hasBreak ? tail.split(at: 1).tail : tail)
        }
        return lines + [rest]
    }

    /// The first columns and what comes behind them; marks stay with their character.
    public func split(at limit: Int) -> (head: StyledLine, tail: StyledLine) {
        var (head, tail, column) = (StyledLine(), StyledLine(), 0)
        for span in spans {
            if column > limit || !tail.spans.isEmpty {
                tail.append(span.text, span.tone)
                continue
            }
            var end = span.text.unicodeScalars.startIndex
            let scalars = span.text.unicodeScalars
            while end < scalars.endIndex, column + scalars[end].cellWidth <= limit {
                column += scalars[end].cellWidth
                scalars.formIndex(after: &end)
            }
            head.append(String(scalars[..<end]), span.tone)
            tail.append(String(scalars[end...]), span.tone)
        }
        return (head, tail)
    }
}
