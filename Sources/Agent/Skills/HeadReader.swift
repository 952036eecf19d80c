/// Reads the part of YAML that the heads of skills are written in: mappings, lists, and texts that are plain, quoted or
/// in blocks.
///
/// It is as strict as strictyaml, which the format's own validator uses: every value is a text, a key stands once, and
/// tags, anchors and the flow style are no part of it. A list in flow style is read past, since many skills have one
/// where nobody reads it.
struct HeadReader {
    typealias Trouble = HeadLines.Trouble

    /// A value.
    indirect enum Value: Equatable {
        case text(String)
        case list([Value])
        case map([Member])
        /// In flow style, which is not read.
        case flow
    }

    /// A key with its value.
    struct Member: Equatable {
        let key: String
        let value: Value
    }

    private var lines: HeadLines
    private var depth = 0
    private static let deepest = 16

    private init(_ lines: HeadLines) { self.lines = lines }

    /// Reads the head of a text.
    static func members(of text: String) throws(Trouble) -> [Member] {
        var reader = HeadReader(try HeadLines(text))
        guard let first = reader.lines.current else { throw Trouble(line: 2, words: "says nothing: the head is empty") }
        guard first.indent == 0 else { throw Trouble(line: first.number, words: "is indented") }
        let members = try reader.mapping(at: 0)
        if let rest = reader.lines.current { throw Trouble(line: rest.number, words: "does not belong to anything") }
        return members
    }

    // MARK: Structure

    private mutating func mapping(at indent: Int, first: HeadLines.Line? = nil) throws(Trouble) -> [Member] {
        var members: [Member] = []
        var pending = first
        while let line = pending ?? lines.current {
            if pending == nil, line.indent < indent { break }
            guard line.indent == indent else {
                throw Trouble(line: line.number, words: "is indented as nothing before it")
            }
            guard !Self.isItem(line.text) else {
                throw Trouble(line: line.number, words: "is a list where a key must be")
            }
            let (key, rest) = try Self.key(line)
            guard !members.contains(where: { $0.key == key }) else {
                throw Trouble(line: line.number, words: "has the key \"\(key)\" a second time")
            }
            lines.advance()
            pending = nil
            members.append(Member(key: key, value: try value(rest, line, under: indent)))
        }
        return members
    }

    private mutating func list(at indent: Int) throws(Trouble) -> [Value] {
        var values: [Value] = []
        while let line = lines.current, line.indent == indent, Self.isItem(line.text) {
            let rest = line.text.dropFirst().drop { $0 == " " }
            let inner = HeadLines.Line(
                number: line.number, indent: indent + line.text.count - rest.count, text: rest)
            if !rest.isEmpty, (try? Self.key(inner)) != nil, !Self.isItem(rest) {
                values.append(
                    .map(try nested { reader throws(Trouble) in try reader.mapping(at: inner.indent, first: inner) }))
            } else {
                lines.advance()
                values.append(try value(rest, line, under: indent))
            }
        }
        return values
    }

    /// A value that begins behind a key or a dash.
    private mutating func value(
        _ rest: Substring, _ line: HeadLines.Line, under indent: Int
    ) throws(Trouble) -> Value {
        guard let first = rest.first, first != "#" else { return try below(line, indent) }
        switch first {
        case "|", ">": return .text(try block(rest, line, under: indent))
        case "\"", "'": return .text(try quoted(rest, line))
        case "[", "{":
            try passFlow(rest, line)
            return .flow
        case "&", "*", "!", "%", "@", "`", "]", "}", ",":
            throw Trouble(line: line.number, words: "begins a value with \(first); put the text in quotes")
        case "\t": throw Trouble(line: line.number, words: "has a tab before its text; YAML takes spaces only")
        case "-", "?":
            if rest.dropFirst().first.map({ $0 == " " }) ?? true {
                throw Trouble(line: line.number, words: "has a \(first) where a text must be; put it in quotes")
            }
            return .text(try plain(rest, line, under: indent))
        default: return .text(try plain(rest, line, under: indent))
        }
    }

    /// A value on the lines below its key.
    private mutating func below(_ line: HeadLines.Line, _ indent: Int) throws(Trouble) -> Value {
        guard let next = lines.current else { return .text("") }
        if Self.isItem(next.text), next.indent >= indent, next.indent > indent || !Self.isItem(line.text) {
            return .list(try nested { reader throws(Trouble) in try reader.list(at: next.indent) })
        }
        guard next.indent > indent else { return .text("") }
        if (try? Self.key(next)) != nil {
            return .map(try nested { reader throws(Trouble) in try reader.mapping(at: next.indent) })
        }
        lines.advance()
        return try value(next.text, next, under: indent)
    }

    private mutating func nested<T>(_ body: (inout HeadReader) throws(Trouble) -> T) throws(Trouble) -> T {
        guard depth < Self.deepest else { throw Trouble(line: lines.number, words: "is nested too deeply") }
        depth += 1
        defer { depth -= 1 }
        return try body(&self)
    }

    private static func isItem(_ text: Substring) -> Bool { text == "-" || text.hasPrefix("- ") }

    /// The key of a line, and what stands behind its colon.
    private static func key(_ line: HeadLines.Line) throws(Trouble) -> (String, Substring) {
        let none = Trouble(line: line.number, words: "is no \"key: value\"")
        var (key, rest): (Substring, Substring)
        if let quote = line.text.first, quote == "\"" || quote == "'" {
            guard let end = line.text.dropFirst().firstIndex(of: quote) else { throw none }
            key = line.text[line.text.index(after: line.text.startIndex)..<end]
            rest = line.text[line.text.index(after: end)...].drop { $0 == " " }
            guard rest.first == ":" else { throw none }
        } else {
            var place = line.text.startIndex
            while place < line.text.endIndex {
                let behind = line.text.index(after: place)
                let isEnd = behind == line.text.endIndex || line.text[behind] == " " || line.text[behind] == "\t"
                if line.text[place] == ":", isEnd { break }
                place = behind
            }
            guard place < line.text.endIndex, let first = line.text.first, !"[]{},#&*!|>%@`?".contains(first) else {
                throw none
            }
            (key, rest) = (line.text[..<place], line.text[place...])
            guard !key.contains(" #") else { throw none }
        }
        while key.last == " " { key.removeLast() }
        guard !key.isEmpty else { throw none }
        return (String(key), rest.dropFirst().drop { $0 == " " })
    }

    // MARK: Texts

    private mutating func plain(
        _ start: Substring, _ line: HeadLines.Line, under indent: Int
    ) throws(Trouble) -> String {
        var text = try Self.plainLine(start, line.number)
        guard text.count == start.trimmed.count else { return text }
        var gap = 0
        while let next = lines.next {
            if next.text.isEmpty {
                gap += 1
            } else {
                guard next.indent > indent, next.text.first != "#" else { break }
                let more = try Self.plainLine(next.text, next.number)
                text += (gap == 0 ? " " : String(repeating: "\n", count: gap)) + more
                gap = 0
                if more.count != next.text.trimmed.count {
                    lines.advance()
                    break
                }
            }
            lines.advance()
        }
        return text
    }

    /// One line of a plain text, without a comment behind it.
    private static func plainLine(_ line: Substring, _ number: Int) throws(Trouble) -> String {
        var text = line
        if let comment = text.firstRange(of: " #") ?? text.firstRange(of: "\t#") { text = text[..<comment.lowerBound] }
        let trimmed = text.trimmed
        guard !trimmed.contains(": "), !trimmed.contains(":\t"), !trimmed.hasSuffix(":") else {
            throw Trouble(line: number, words: "has a colon in its text; put the text in quotes")
        }
        return String(trimmed)
    }

    private mutating func block(
        _ head: Substring, _ line: HeadLines.Line, under indent: Int
    ) throws(Trouble) -> String {
        let (folds, marks) = (head.first == ">", head.dropFirst().prefix { !$0.isWhitespace })
        let behind = head.dropFirst(1 + marks.count).trimmed
        let digit = marks.first(where: \.isNumber)?.wholeNumberValue
        let isKnown =
            marks.allSatisfy { "+-123456789".contains($0) } && marks.count <= 2
            && marks.count(where: \.isNumber) <= 1 && marks.count { !$0.isNumber } <= 1
        guard isKnown, behind.isEmpty || behind.first == "#" else {
            throw Trouble(line: line.number, words: "has more than | or > behind its colon; put the text below")
        }
        var base = digit.map { indent + $0 }
        var rows: [Substring] = []
        while let next = lines.next {
            if next.text.isEmpty {
                rows.append(base.map { Substring(repeating: " ", count: max(0, next.indent - $0)) } ?? "")
            } else {
                guard next.indent > indent || next.indent >= base ?? .max else { break }
                let start = base ?? next.indent
                base = start
                guard next.indent >= start else {
                    throw Trouble(line: next.number, words: "is indented less than the text above it")
                }
                rows.append(Substring(String(repeating: " ", count: next.indent - start) + next.text))
            }
            lines.advance()
        }
        var end = 0
        while let last = rows.last, last.allSatisfy({ $0 == " " }) {
            rows.removeLast()
            end += 1
        }
        guard !rows.isEmpty else { return "" }
        let text = folds ? Self.folded(rows) : rows.joined(separator: "\n")
        if marks.contains("-") { return text }
        return text + String(repeating: "\n", count: marks.contains("+") ? end + 1 : 1)
    }

    /// Lines of a folded block: single line ends become spaces, but not around lines that are indented.
    private static func folded(_ rows: [Substring]) -> String {
        var text = String(rows[0])
        var gap = 0
        var before = rows[0]
        for row in rows.dropFirst() {
            if row.isEmpty {
                gap += 1
                continue
            }
            let isKept = row.first == " " || before.first == " "
            text += gap == 0 ? (isKept ? "\n" : " ") : String(repeating: "\n", count: isKept ? gap + 1 : gap)
            text += row
            (gap, before) = (0, row)
        }
        return text
    }

    private mutating func quoted(_ start: Substring, _ line: HeadLines.Line) throws(Trouble) -> String {
        var scan = QuotedText(start)
        while !scan.isOver {
            guard let next = lines.next else {
                throw Trouble(line: line.number, words: "opens a quote that does not end")
            }
            scan.addLine(next.text)
            lines.advance()
        }
        guard !scan.isWrong else { throw Trouble(line: line.number, words: "has a backslash that means nothing") }
        let rest = scan.rest.trimmed
        guard rest.isEmpty || rest.first == "#" else {
            throw Trouble(line: line.number, words: "has more behind the closing quote")
        }
        return scan.text
    }

    /// Goes past a value in flow style.
    private mutating func passFlow(_ start: Substring, _ line: HeadLines.Line) throws(Trouble) {
        var open = 0
        var text = start
        while true {
            for character in text {
                if "[{".contains(character) { open += 1 }
                if "]}".contains(character) { open -= 1 }
            }
            if open <= 0 { return }
            guard let next = lines.next else {
                throw Trouble(line: line.number, words: "opens a bracket that does not end")
            }
            text = next.text
            lines.advance()
        }
    }
}

extension Substring {
    /// Without the space around it.
    fileprivate var trimmed: Substring {
        var text = drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
