/// The definitions of a file and the lines that belong to them, as far as indentation and brackets tell for sure.
///
/// It decides nothing but refusals: of whatever is not clear, such as brackets that do not match or code inside strings,
/// it says nothing.
struct Definitions {
    private let file: LineTable
    private let style: CodeStyle

    init(of file: LineTable, path: String) {
        self.file = file
        style = CodeStyle(path: path)
    }

    /// The line of another definition in which the lines lie, or nil unless they surely lie outside of what an anchor
    /// names, whichever of its places is meant.
    ///
    /// A hunk that shows the line of the other definition, or that of the anchor, says itself where it belongs.
    ///
    /// - Parameter removed: The first line that is replaced; one right above the other definition belongs to that.
    func stranger(
        holding lines: [Int], removed: Int? = nil, shown: Range<Int>, anchors: [Int]
    ) -> (line: Int, anchor: Int)? {
        guard let anchor = anchors.first, anchors.count <= Self.anchorLimit,
            !anchors.contains(where: { shown.contains($0) })
        else { return nil }
        var found: (line: Int, anchor: Int)?
        for place in anchors {
            let strange = lines.lazy.compactMap { line in
                stranger(holding: line, shown: shown, anchor: place, leads: line == removed)
            }.first
            guard let strange else { return nil }
            // Of several places the message names that next to the hunk.
            if found == nil || abs(place - strange) < abs(anchor - strange) { found = (strange, place) }
        }
        return found
    }

    /// The line of another definition in which an inner anchor stands, or nil unless that is sure.
    func stranger(holding inner: Int, outside outer: AnchorPlaces) -> Int? {
        stranger(holding: [inner], shown: inner..<inner + 1, anchors: outer.all)?.line
    }

    private static let anchorLimit = 16

    private func stranger(holding line: Int, shown: Range<Int>, anchor: Int, leads: Bool) -> Int? {
        let named = CodeLine(file[anchor], style: style)
        guard named.isDefinition, let own = block(of: anchor), !own.contains(line), line != anchor else { return nil }
        func isOther(_ start: Int) -> Bool {
            let other = CodeLine(file[start], style: style)
            return other.isDefinition && other.indentation <= named.indentation && named.isHeading(like: other)
        }
        let below = line + 1
        if leads, line > anchor, below >= shown.upperBound, below < file.count, isLead(line), isOther(below),
            block(of: below) != nil
        {
            return below
        }
        let end = min(line, shown.lowerBound)
        var found: Int?
        var next = line > anchor ? own.upperBound : 0
        var scanner = CodeScanner(style)
        while next < end {
            let start = next
            next += 1
            if scanner.take(file[start]).isText || !isOther(start) { continue }
            guard let block = block(of: start) else { continue }
            if block.contains(line) {
                if !block.contains(anchor), start != anchor { found = start }
            } else {
                next = max(next, min(block.upperBound, end))
                scanner = CodeScanner(style)
            }
        }
        return found
    }

    /// Whether a line is a decorator, an attribute or a comment.
    private func isLead(_ line: Int) -> Bool {
        ["@", "#[", "//", "/*", "*/", "# ", "--"].contains { file[line].trimmed.starts(with: $0.utf8) }
    }

    /// The lines below a line that are its block, with what closes it; nil if there is none or its end is not clear.
    func block(of line: Int) -> Range<Int>? {
        let head = CodeLine(file[line], style: style)
        var scanner = CodeScanner(style)
        var depth = 0
        var braces = 0
        var next = line
        // The head, which goes on while a parenthesis is open.
        while next < min(line + Self.headLimit, file.count) {
            let scan = scanner.take(file[next])
            next += 1
            for mark in scan.marks {
                switch mark {
                case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
                case UInt8(ascii: "{"):
                    if braces == 0, depth > 0, !head.opensInCall { return nil }
                    braces += 1
                case UInt8(ascii: "}"): braces -= 1
                default: if braces == 0, depth <= 0 { return nil }
                }
            }
            if braces > 0 { return braced(from: line, next: next, braces: braces, &scanner) }
            if depth <= 0 { break }
        }
        return indented(from: line, next: next, head.indentation, &scanner)
    }

    private static let headLimit = 40

    private func braced(from line: Int, next: Int, braces: Int, _ scanner: inout CodeScanner) -> Range<Int>? {
        var braces = braces
        for next in next..<max(next, file.count) {
            for mark in scanner.take(file[next]).marks {
                if mark == UInt8(ascii: "{") { braces += 1 }
                if mark == UInt8(ascii: "}") { braces -= 1 }
            }
            if braces <= 0 { return line + 1..<next + 1 }
        }
        return nil
    }

    /// The block by indentation, or by the brace that comes on a line of its own.
    private func indented(
        from line: Int, next: Int, _ indentation: Int, _ scanner: inout CodeScanner
    ) -> Range<Int>? {
        var end: Int?
        for next in next..<max(next, file.count) {
            let text = file[next].trimmed
            let before = scanner
            let scan = scanner.take(file[next])
            if scan.isText {
                end = end.map { _ in next + 1 }
                continue
            }
            guard let first = text.first, first != UInt8(ascii: "#") else { continue }
            if first == UInt8(ascii: "{"), end == nil || CodeLine.indentation(of: file[next]) <= indentation {
                scanner = before
                return braced(from: line, next: next, braces: 0, &scanner)
            }
            if CodeLine.indentation(of: file[next]) > indentation {
                end = next + 1
                continue
            }
            if first == UInt8(ascii: ")") || first == UInt8(ascii: "]") { continue }
            let word = String(decoding: text.prefix { CodeLine.isWord($0) }, as: UTF8.self)
            if end != nil, word == "end", CodeLine.indentation(of: file[next]) == indentation {
                return line + 1..<next + 1
            }
            if end != nil, ["rescue", "ensure", "else"].contains(word) { continue }
            break
        }
        return end.map { line + 1..<$0 }
    }
}
