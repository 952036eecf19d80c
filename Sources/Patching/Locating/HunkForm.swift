/// One way to read a hunk; the first form that fits is what it meant.
struct HunkForm {
    let lines: [HunkLine]
    let old: [HunkLine]
    let endsFile: Bool
    /// The most telling old lines, with their ids among the wanted lines; the rarest of them in a file finds the form.
    private let keys: [(offset: Int, id: Int)]

    /// The forms of a hunk: as it stands; a last ` *** End of File` taken as the marker; without the empty context
    /// lines at its end, which patches often have too many of.
    static func forms(of hunk: Hunk, wanting wanted: inout WantedLines) -> [HunkForm] {
        var forms = [HunkForm(hunk.lines, endsFile: hunk.endsFile, wanting: &wanted)]
        if hunk.isUnified { return forms }
        if let last = hunk.lines.last, last.kind == .context, last.text.trimmed.elementsEqual("*** End of File".utf8) {
            forms.append(HunkForm(hunk.lines.dropLast(), endsFile: true, wanting: &wanted))
        }
        let blank = hunk.lines.reversed().prefix { $0.kind == .context && $0.text.trimmed.isEmpty }.count
        let rest = hunk.lines.dropLast(blank)
        if blank > 0, rest.contains(where: { $0.kind != .added }) {
            forms.append(HunkForm(rest, endsFile: hunk.endsFile, wanting: &wanted))
        }
        return forms
    }

    private init(_ lines: some Collection<HunkLine>, endsFile: Bool, wanting wanted: inout WantedLines) {
        let old = lines.filter { $0.kind != .added }
        let telling = old.indices.map { ($0, WantedLines.weight(old[$0].text)) }.sorted { $0.1 > $1.1 }
        var keys: [(offset: Int, id: Int)] = []
        for (offset, _) in telling where keys.count < Self.keyLimit {
            let id = wanted.want(old[offset].text)
            if !keys.contains(where: { $0.id == id }) { keys.append((offset, id)) }
        }
        self.keys = keys
        self.lines = Array(lines)
        self.endsFile = endsFile
        self.old = old
    }

    private static let keyLimit = 4

    /// The old line with the most bytes.
    var longestOffset: Int? { old.indices.max { old[$0].text.count < old[$1].text.count } }

    /// Where the form would start by the finds of its rarest key.
    func starts(_ wanted: WantedLines) -> CandidateLines {
        let key = keys.min { wanted.found[$0.id].count < wanted.found[$1.id].count }
        return key.map { CandidateLines(lines: wanted.found[$0.id], offset: $0.offset) }
            ?? CandidateLines(lines: [], offset: 0)
    }
}

/// Lines where a hunk might start, in order.
struct CandidateLines {
    let lines: [Int]
    /// How far in front of each line the hunk starts.
    let offset: Int

    /// The first start in a range that passes the test.
    func first(in range: Range<Int>, where fits: (Int) -> Bool) -> Int? {
        for index in lowerBound(range.lowerBound)..<lines.count {
            let start = lines[index] - offset
            if start >= range.upperBound { return nil }
            if fits(start) { return start }
        }
        return nil
    }

    /// The last start in a range that passes the test.
    func last(in range: Range<Int>, where fits: (Int) -> Bool) -> Int? {
        for index in (0..<lowerBound(range.upperBound)).reversed() {
            let start = lines[index] - offset
            if start < range.lowerBound { return nil }
            if fits(start) { return start }
        }
        return nil
    }

    private func lowerBound(_ start: Int) -> Int {
        var low = 0
        var high = lines.count
        while low < high {
            let middle = (low + high) / 2
            if lines[middle] - offset < start { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
