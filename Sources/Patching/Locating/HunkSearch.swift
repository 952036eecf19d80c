/// Finds the places of one hunk in a file.
struct HunkSearch {
    let hunk: Hunk
    private let file: LineTable
    private let forms: [(form: HunkForm, starts: CandidateLines)]
    private let anchors: AnchorPlaces?
    private let areas: [[Range<Int>]]

    /// Which reading of the hunk fits: its form, the area, and how closely the lines fit.
    struct Reading {
        let form: Int
        let area: [Range<Int>]
        let fidelity: Fidelity
    }

    /// Prepares the search.
    ///
    /// - Parameter anchors: Where the innermost anchor stands; nil if the hunk has none or a missing one is ignored.
    init(
        _ hunk: Hunk, forms: [HunkForm], wanted: WantedLines, anchors: AnchorPlaces?, anchorIsSoft: Bool,
        in file: LineTable
    ) {
        self.hunk = hunk
        self.file = file
        self.anchors = anchors
        let everywhere = [0..<file.count + 1]
        let behind = anchors.map { CandidateLines(lines: $0.all, offset: -1) } ?? Self.hinted(hunk, in: file)
        let end = CandidateLines(lines: [file.count], offset: 0)
        self.forms = forms.map { form in
            guard form.old.isEmpty else { return (form, form.starts(wanted)) }
            return (form, form.endsFile && !hunk.isUnified ? end : behind ?? end)
        }
        guard let anchors else {
            areas = [everywhere]
            return
        }
        if hunk.isPureInsertion {
            areas = [anchors.exact, anchors.all].map { $0.map { $0 + 1..<$0 + 2 } }
            return
        }
        let levels = anchors.exact.isEmpty ? [anchors.all] : [anchors.exact, anchors.all]
        let height = forms[0].old.count
        areas =
            levels.map { AnchorPlaces.blocks(of: $0, in: file) }
            + [[(anchors.all.first ?? file.count) + 1..<file.count + 2]]
            + [anchors.all.map { $0 - height + 1..<$0 + 1 }]
            + (anchorIsSoft ? [everywhere] : [])
    }

    /// The first place at or behind a line, and the reading that fits there.
    func first(from floor: Int, pinnedTo pin: Int? = nil) -> (reading: Reading, start: Int)? {
        for (index, form) in forms.enumerated() {
            for area in areas(of: form.form) {
                for fidelity in Fidelity.allCases {
                    let reading = Reading(form: index, area: area, fidelity: fidelity)
                    if let start = first(reading, in: (pin ?? floor)..<(pin ?? file.count) + 1), start >= floor {
                        return (reading, start)
                    }
                }
            }
        }
        return nil
    }

    /// The first place of a reading in a range.
    func first(_ reading: Reading, in range: Range<Int>) -> Int? {
        for part in reading.area where part.overlaps(range) {
            let found = forms[reading.form].starts.first(in: part.clamped(to: range)) { fits(reading, at: $0) }
            if let found { return found }
        }
        return nil
    }

    /// The last place of a reading in a range.
    func last(_ reading: Reading, in range: Range<Int>) -> Int? {
        for part in reading.area.reversed() where part.overlaps(range) {
            let found = forms[reading.form].starts.last(in: part.clamped(to: range)) { fits(reading, at: $0) }
            if let found { return found }
        }
        return nil
    }

    /// The first places of a reading in a range, up to a limit.
    func places(_ reading: Reading, in range: Range<Int>, limit: Int) -> [Int] {
        var places: [Int] = []
        var floor = range.lowerBound
        while places.count < limit, floor < range.upperBound,
            let place = first(reading, in: floor..<range.upperBound)
        {
            places.append(place)
            floor = place + 1
        }
        return places
    }

    /// The hunk as it stands at a place.
    func placement(_ reading: Reading, at start: Int) -> Placement {
        let form = forms[reading.form].form
        return Placement(
            hunk: hunk, lines: form.lines, start: start, height: form.old.count,
            shift: shift(reading, at: start) ?? .none)
    }

    /// How many old lines a reading has.
    func height(_ reading: Reading) -> Int { forms[reading.form].form.old.count }

    /// How many of a reading's old lines are context behind its last change.
    func trailingContext(_ reading: Reading) -> Int {
        let lines = forms[reading.form].form.lines
        return hunk.changes ? lines.reversed().prefix { $0.kind == .context }.count : 0
    }

    /// Whether the hunk has an anchor that stands in the file.
    var hasAnchor: Bool { anchors != nil }

    /// The line the hunk's anchor stands at, if there is just one.
    var anchorLine: Int? {
        guard let anchors, anchors.all.count == 1 else { return nil }
        return anchors.all[0]
    }

    /// Where the hunk fits if neither anchor nor order counts.
    func anywhere() -> Int? {
        for (index, form) in forms.enumerated() where !form.form.old.isEmpty {
            for fidelity in Fidelity.allCases {
                let reading = Reading(form: index, area: [0..<file.count + 1], fidelity: fidelity)
                if let start = first(reading, in: 0..<file.count + 1) { return start }
            }
        }
        return nil
    }

    private func areas(of form: HunkForm) -> [[Range<Int>]] {
        let start = file.count - form.old.count
        if form.endsFile, hunk.isUnified { return start >= 0 ? [[start..<start + 1]] : [] }
        return form.endsFile && start >= 0 ? [[start..<start + 1]] + areas : areas
    }

    private func fits(_ reading: Reading, at start: Int) -> Bool {
        shift(reading, at: start) != nil
    }

    private func shift(_ reading: Reading, at start: Int) -> IndentationShift? {
        reading.fidelity.shift(
            of: forms[reading.form].form.old, endingsStrictly: hunk.endsLinesStrictly, in: file, at: start)
    }

    /// `@@ -l,0 …` puts new lines behind line l.
    private static func hinted(_ hunk: Hunk, in file: LineTable) -> CandidateLines? {
        guard let hint = hunk.hint, hint.count == 0 else { return nil }
        return CandidateLines(lines: hint.start <= file.count ? [hint.start] : [], offset: 0)
    }
}
