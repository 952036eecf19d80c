/// The lines of a file that are canonically equivalent to wanted ones: the same text, its characters composed
/// otherwise, such as `й` as one code point or as two.
///
/// It is made where nothing else fits, because it has to decode every line.
struct ComposedLines {
    private var found: [String: [Int]] = [:]
    private let file: LineTable

    /// Looks the lines up, white space around them left out.
    init(of wanted: [LineBytes], in file: LineTable) {
        self.file = file
        for line in wanted { found[Self.key(line)] = [] }
        for number in 0..<file.count {
            let key = Self.key(file[number])
            if found[key] != nil { found[key]?.append(number) }
        }
    }

    /// Whether two texts are canonically equivalent, dashes, quotes and spaces in their ASCII forms.
    static func areEquivalent(_ here: LineBytes, _ there: LineBytes) -> Bool {
        guard TextEncoding.isBeyondASCII(here) || TextEncoding.isBeyondASCII(there) else { return here == there }
        return text(here) == text(there)
    }

    /// Where a form of a hunk may start by its longest old line.
    func starts(of form: HunkForm) -> CandidateLines {
        guard let offset = form.longestOffset else { return CandidateLines(lines: [], offset: 0) }
        return CandidateLines(lines: found[Self.key(form.old[offset].text)] ?? [], offset: offset)
    }

    /// The lines that are an anchor, or if there are none those that begin with it.
    func places(of anchor: LineBytes) -> AnchorPlaces {
        let key = Self.key(anchor)
        let whole = found[key] ?? []
        return AnchorPlaces(
            exact: [], all: whole.isEmpty ? (0..<file.count).filter { Self.key(file[$0]).hasPrefix(key) } : whole)
    }

    private static func key(_ line: LineBytes) -> String { text(line.trimmed) }

    /// The text of a line; Swift compares texts by canonical equivalence.
    private static func text(_ line: LineBytes) -> String {
        guard TextEncoding.isBeyondASCII(line), TextEncoding.kind(of: line) != .utf8 else {
            return String(decoding: TextEncoding.plain(line), as: UTF8.self)
        }
        var text = ""
        text.unicodeScalars.append(contentsOf: line.lazy.map { Unicode.Scalar($0) })
        return text
    }
}
