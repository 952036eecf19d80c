/// Where the text behind `@@` stands in a file, and which lines belong to it.
struct AnchorPlaces {
    /// Lines that are the anchor byte for byte.
    let exact: [Int]
    /// Lines that are the anchor but for white space and typography; if there are none, lines it is a part of.
    let all: [Int]

    /// Looks an anchor up among the lines with its fingerprint.
    init(_ anchor: LineBytes, candidates: [Int], in file: LineTable) {
        let exact = candidates.filter { Fidelity.areEqual(anchor, file[$0]) }
        let wanted = TextEncoding.plain(anchor).trimmed
        let whole = candidates.filter {
            Fidelity.areEqual(wanted, file[$0].trimmed) || TextEncoding.plain(file[$0]).trimmed.elementsEqual(wanted)
        }
        self.exact = exact
        if whole.isEmpty {
            let partial = (0..<file.count).filter { Self.contains(file[$0].trimmed, wanted, onlyAtStart: true) }
            all = partial.isEmpty ? (0..<file.count).filter { Self.contains(file[$0], wanted) } : partial
        } else {
            all = whole
        }
    }

    init(exact: [Int], all: [Int]) {
        self.exact = exact
        self.all = all
    }

    /// Those of the places that lie in the block of an outer anchor, else those behind it that are in no other
    /// definition.
    func inside(_ outer: AnchorPlaces, in file: LineTable, _ definitions: Definitions) -> AnchorPlaces {
        let blocks = Self.blocks(of: outer.all, in: file)
        func within(_ places: [Int]) -> [Int] {
            places.filter { place in blocks.contains { $0.contains(place) } }
        }
        let inner = within(all)
        if !inner.isEmpty { return AnchorPlaces(exact: within(exact), all: inner) }
        let first = outer.all.first ?? file.count
        let behind = all.filter { place in
            place > first && definitions.stranger(holding: place, outside: outer) == nil
        }
        return AnchorPlaces(exact: exact.filter(behind.contains), all: behind)
    }

    /// The blocks below lines, joined where they overlap.
    static func blocks(of lines: [Int], in file: LineTable) -> [Range<Int>] {
        joined(lines.map { block(of: $0, in: file) })
    }

    /// Ranges that begin in order, joined where they overlap or touch.
    static func joined(_ ranges: [Range<Int>]) -> [Range<Int>] {
        var blocks: [Range<Int>] = []
        for block in ranges {
            if let last = blocks.last, block.lowerBound <= last.upperBound {
                blocks[blocks.count - 1] = last.lowerBound..<max(last.upperBound, block.upperBound)
            } else {
                blocks.append(block)
            }
        }
        return blocks
    }

    /// The lines that are indented deeper than a line, with the bracket that opens or closes them; if there are none,
    /// the next line alone.
    private static func block(of line: Int, in file: LineTable) -> Range<Int> {
        let depth = CodeLine.indentation(of: file[line])
        var end = line + 1
        for next in line + 1..<max(line + 1, file.count) {
            let text = file[next].trimmed
            guard let first = text.first else { continue }
            if CodeLine.indentation(of: file[next]) <= depth {
                let opens = first == UInt8(ascii: "{") || first == UInt8(ascii: ")") || first == UInt8(ascii: "]")
                let closes = first == UInt8(ascii: "}") || text.elementsEqual("end".utf8)
                if closes && CodeLine.indentation(of: file[next]) == depth { end = next + 1 }
                if !opens { break }
            }
            end = next + 1
        }
        return line + 1..<max(end, line + 2)
    }

    /// Whether the words stand in a line with no letter or digit right beside them.
    private static func contains(_ line: LineBytes, _ words: LineBytes, onlyAtStart: Bool = false) -> Bool {
        guard let first = words.first, let last = words.last, line.count >= words.count else { return false }
        let lastStart = onlyAtStart ? line.startIndex : line.endIndex - words.count
        for start in line.startIndex...lastStart where line[start] == first {
            let end = start + words.count
            guard line[start..<end].elementsEqual(words) else { continue }
            let opens = start == line.startIndex || !CodeLine.isWord(line[start - 1]) || !CodeLine.isWord(first)
            let closes = end == line.endIndex || !CodeLine.isWord(line[end]) || !CodeLine.isWord(last)
            if opens && (closes || onlyAtStart && words.count >= cutLength) { return true }
        }
        return false
    }

    /// From so many bytes on, an anchor may end inside a word: git cuts the section of a unified header off.
    private static let cutLength = 40
}
