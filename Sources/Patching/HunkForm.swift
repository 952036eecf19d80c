/// One way to read a hunk; the first form that fits is what it meant.
struct HunkForm {
    let lines: [HunkLine]
    let old: [HunkLine]
    let endsFile: Bool
    /// The old line by which the form is found, and its id among the wanted lines; nil without old lines.
    private let key: (offset: Int, id: Int)?

    /// The forms of a hunk: as it stands; a last ` *** End of File` taken as the marker; without the empty context
    /// lines at its end, which patches often have too many of.
    static func forms(of hunk: Hunk, wanting wanted: inout WantedLines) -> [HunkForm] {
        var forms = [HunkForm(hunk.lines, endsFile: hunk.endsFile, wanting: &wanted)]
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
        var best: (offset: Int, weight: Int)?
        for (offset, line) in old.enumerated() {
            let weight = WantedLines.weight(line.text)
            if weight > best?.weight ?? -1 { best = (offset, weight) }
        }
        key = best.map { ($0.offset, wanted.want(old[$0.offset].text)) }
        self.lines = Array(lines)
        self.endsFile = endsFile
        self.old = old
    }

    /// The line where the form would start, for each line of the file that is its key.
    func starts(_ wanted: WantedLines) -> CandidateLines {
        key.map { CandidateLines(lines: wanted.found[$0.id], offset: $0.offset) }
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
