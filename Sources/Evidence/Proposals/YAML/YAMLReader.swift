/// Reads the first document of a YAML file: blocks, flows, quoted and plain scalars, literal and folded text.
///
/// It is tolerant and bounded: what it cannot tell becomes `unusable` or is left out, and any bytes come to an end.
/// Aliases and tags are not followed.
struct YAMLReader {
    /// A line that is not blank and no comment, or is looked at for the text of a block.
    struct Line {
        var indent: Int
        var text: Substring
    }

    static let deepest = 32
    private static let mostLines = 20_000
    private static let mostNodes = 20_000

    private var lines: [Line]
    private let raw: [Substring]
    private var position = 0
    private var nodes = 0

    /// The value of a file.
    static func read(_ text: String) -> YAML {
        var reader = YAMLReader(text)
        return reader.node(atLeast: 0, depth: 0)
    }

    private init(_ text: String) {
        var raw: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).prefix(Self.mostLines) {
            let isMark = line == "---" || line.hasPrefix("--- ")
            if line == "..." || (isMark && raw.contains { !Self.isEmpty($0) }) { break }
            // A directive, and the mark before the document.
            raw.append(isMark || line.hasPrefix("%") ? "" : line)
        }
        self.raw = raw
        lines = raw.map { line in
            let text = line.drop { $0 == " " }
            return Line(indent: line.utf8.count - text.utf8.count, text: text)
        }
    }

    private static func isEmpty(_ text: Substring) -> Bool {
        let first = text.first { $0 != " " && $0 != "\t" }
        return first == nil || first == "#"
    }

    /// Goes to the next line that says something; nil at the end.
    private mutating func next() -> Line? {
        while position < lines.count, Self.isEmpty(lines[position].text) { position += 1 }
        return position < lines.count ? lines[position] : nil
    }

    // MARK: Blocks

    private mutating func node(atLeast indent: Int, depth: Int) -> YAML {
        nodes += 1
        guard depth < Self.deepest, nodes < Self.mostNodes, let line = next(), line.indent >= indent else {
            return .none
        }
        lines[position].text = Self.withoutMarks(line.text)
        if Self.isItem(line.text) { return list(at: line.indent, depth: depth) }
        if YAMLKey(lines[position].text) != nil { return map(at: line.indent, depth: depth) }
        position += 1
        return value(line.text, below: indent - 1, depth: depth)
    }

    private static func isItem(_ text: Substring) -> Bool {
        text == "-" || text.hasPrefix("- ") || text.hasPrefix("-\t")
    }

    private mutating func list(at indent: Int, depth: Int) -> YAML {
        var values: [YAML] = []
        while let line = next(), line.indent == indent, Self.isItem(line.text), nodes < Self.mostNodes {
            let behind = line.text.dropFirst().drop { $0 == " " || $0 == "\t" }
            let rest = Self.withoutMarks(behind)
            if rest.isEmpty || rest.first == "#" {
                position += 1
                let isDeeper = (next()?.indent ?? 0) > indent
                values.append(isDeeper ? node(atLeast: indent + 1, depth: depth + 1) : .none)
            } else if Self.isItem(rest) || YAMLKey(rest) != nil {
                // What stands behind the dash is a block whose lines stand below its first word.
                lines[position] = Line(indent: indent + line.text.utf8.count - behind.utf8.count, text: rest)
                values.append(node(atLeast: indent + 1, depth: depth + 1))
            } else {
                position += 1
                values.append(value(rest, below: indent, isOfItem: true, depth: depth + 1))
            }
            skipDeeper(than: indent)
        }
        return .list(values)
    }

    private mutating func map(at indent: Int, depth: Int) -> YAML {
        var entries: [YAML.Entry] = []
        while let line = next(), line.indent == indent, let key = YAMLKey(line.text), nodes < Self.mostNodes {
            position += 1
            let value = value(key.rest, below: indent, depth: depth + 1)
            entries.append(YAML.Entry(key: key.name, value: value))
            skipDeeper(than: indent)
        }
        return .map(entries)
    }

    /// Passes over what belongs to a value and could not be read.
    private mutating func skipDeeper(than indent: Int) {
        while let line = next(), line.indent > indent { position += 1 }
    }

    // MARK: Values

    /// The text behind names for aliases and tags of the usual types.
    private static func withoutMarks(_ text: Substring) -> Substring {
        var rest = text
        while rest.first == "&" || rest.hasPrefix("!!") {
            rest = rest.drop { $0 != " " && $0 != "\t" }.drop { $0 == " " || $0 == "\t" }
        }
        return rest
    }

    /// Reads what stands behind a key or a dash, and the lines that go with it.
    ///
    /// - Parameter indent: That of the key or the dash; all lines of the value stand deeper.
    private mutating func value(_ text: Substring, below indent: Int, isOfItem: Bool = false, depth: Int) -> YAML {
        nodes += 1
        let rest = Self.withoutMarks(text.drop { $0 == " " || $0 == "\t" })
        switch rest.first {
        case nil, "#": return block(below: indent, isOfItem: isOfItem, depth: depth)
        case "*": return .unusable("an alias of YAML (\(rest.prefix { $0 != " " && $0 != "," }))")
        case "!": return .unusable("a tag of YAML (\(rest.prefix { $0 != " " && $0 != "[" }))")
        case "|", ">": return .text(blockText(rest, below: indent))
        case "[", "{", "\"", "'":
            var flow = YAMLFlow(rest)
            while !flow.isWhole, position < lines.count, flow.lineCount < 500 {
                let line = lines[position]
                // A line that does not stand deeper is the next key, and the flow was never closed.
                guard
                    Self.isEmpty(line.text) || line.indent > indent
                        || line.text.first.map({ "]}".contains($0) }) == true
                else { break }
                flow.add(line.text)
                position += 1
            }
            return flow.value
        default: return .text(plain(rest, below: indent))
        }
    }

    /// What stands in the lines behind a key without a value.
    private mutating func block(below indent: Int, isOfItem: Bool, depth: Int) -> YAML {
        guard let line = next() else { return .none }
        if line.indent > indent { return node(atLeast: indent + 1, depth: depth) }
        // The items of a list may stand below the key's first letter.
        return line.indent == indent && Self.isItem(line.text) && !isOfItem ? list(at: indent, depth: depth) : .none
    }

    /// A plain scalar, with the lines that go on with it.
    private mutating func plain(_ text: Substring, below indent: Int) -> String {
        var parts = [Self.withoutComment(text)]
        guard parts[0].utf8.count == Self.trimmed(text).utf8.count else { return String(parts[0]) }
        while position < lines.count, lines[position].indent > indent, !Self.isEmpty(lines[position].text) {
            parts.append(Self.withoutComment(lines[position].text))
            position += 1
        }
        return parts.joined(separator: " ")
    }

    private static func withoutComment(_ text: Substring) -> Substring {
        var last: Character = " "
        var end = text.startIndex
        while end < text.endIndex, !(text[end] == "#" && (last == " " || last == "\t")) {
            last = text[end]
            end = text.index(after: end)
        }
        return trimmed(text[..<end])
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }

    /// The text of `|` and `>`.
    private mutating func blockText(_ header: Substring, below indent: Int) -> String {
        let marks = header.prefix { $0 != " " && $0 != "#" }
        let explicit = marks.compactMap(\.wholeNumberValue).first { $0 > 0 }
        var found: [Substring] = []
        var column = explicit.map { max(indent, 0) + $0 }
        while position < raw.count {
            let line = raw[position]
            let isBlank = line.allSatisfy { $0 == " " || $0 == "\t" }
            let own = line.utf8.count - line.drop { $0 == " " }.utf8.count
            if !isBlank {
                column = column ?? max(own, indent + 1)
                if own < column ?? 0 { break }
            }
            found.append(isBlank ? "" : line.dropFirst(column ?? 0))
            position += 1
        }
        while found.last == "" { found.removeLast() }
        if marks.first == "|" { return found.joined(separator: "\n") }
        return Self.folded(found)
    }

    /// Lines of `>` joined: an empty line is a line end, and lines that stand deeper keep theirs.
    private static func folded(_ lines: [Substring]) -> String {
        var text = ""
        for (index, line) in lines.enumerated() {
            let before = index > 0 ? lines[index - 1] : ""
            let isKept = line.isEmpty || before.isEmpty || line.first == " " || before.first == " "
            if index > 0 { text += isKept ? "\n" : " " }
            text += line
        }
        return text
    }
}
