/// Finds the places of one hunk in a file.
struct HunkSearch {
    let hunk: Hunk
    private let file: LineTable
    private let forms: [(form: HunkForm, starts: CandidateLines)]
    private let anchors: AnchorPlaces?
    private let definitions: Definitions
    private let areas: [Area]
    private let fidelities: [Fidelity]

    /// Lines where a hunk may start, by what its anchor stands for.
    private enum Area {
        case lines([Range<Int>])
        /// The blocks below lines, by indentation.
        case blocks([Int])
        /// The definitions that lines begin; only looked up where the blocks do not do.
        case definitions([Int])
        /// Lines that an anchor does not name, but that are no other definition either.
        case beyond([Range<Int>])
        /// The lines at the end of the file, for a hunk that says that it ends there.
        case end([Range<Int>])
    }

    /// Which reading of the hunk fits: its form, the area, and how closely the lines fit.
    struct Reading {
        let form: Int
        let area: [Range<Int>]
        let fidelity: Fidelity
    }

    /// Prepares the search.
    ///
    /// - Parameters:
    ///   - anchors: Where the innermost anchor stands; nil if the hunk has none or a missing one is ignored.
    ///   - composed: The lines that are canonically equivalent to wanted ones, if those count, too.
    init(
        _ hunk: Hunk, forms: [HunkForm], wanted: WantedLines, anchors: AnchorPlaces?, anchorIsSoft: Bool,
        in file: LineTable, _ definitions: Definitions, composed: ComposedLines?
    ) {
        self.hunk = hunk
        self.file = file
        self.anchors = anchors
        self.definitions = definitions
        fidelities = composed == nil ? Fidelity.usual : Fidelity.usual + [.composition]
        let everywhere = [0..<file.count + 1]
        let behind = anchors.map { CandidateLines(lines: $0.all, offset: -1) } ?? Self.hinted(hunk, in: file)
        let end = CandidateLines(lines: [file.count], offset: 0)
        self.forms = forms.map { form in
            guard form.old.isEmpty else { return (form, composed?.starts(of: form) ?? form.starts(wanted)) }
            return (form, form.endsFile && !hunk.isUnified ? end : behind ?? end)
        }
        guard let anchors else {
            areas = [.lines(everywhere)]
            return
        }
        if hunk.isPureInsertion {
            areas = [anchors.exact, anchors.all].map { .lines($0.map { $0 + 1..<$0 + 2 }) }
            return
        }
        let levels = anchors.exact.isEmpty ? [anchors.all] : [anchors.exact, anchors.all]
        let height = forms[0].old.count
        areas =
            levels.map { .blocks($0) } + levels.map { .definitions($0) }
            + [.beyond([(anchors.all.first ?? file.count) + 1..<file.count + 2])]
            + [.beyond(anchors.all.map { $0 - height + 1..<$0 + 1 })]
            + (anchorIsSoft ? [.beyond(everywhere)] : [])
    }

    /// The first place at or behind a line, and the reading that fits there.
    func first(from floor: Int, pinnedTo pin: Int? = nil) -> (reading: Reading, start: Int)? {
        for (index, form) in forms.enumerated() {
            for area in areas(of: form.form) {
                let lines = self.lines(of: area)
                for fidelity in fidelities {
                    let reading = Reading(form: index, area: lines, fidelity: fidelity)
                    let range = (pin ?? floor)..<(pin ?? file.count) + 1
                    guard let start = first(reading, in: range), start >= floor else { continue }
                    // Where some place is none of another definition, the others still make it a guess.
                    if case .beyond = area, !isClear(reading, from: start, in: range) { return nil }
                    if case .end = area, !isClear(reading, from: start, in: range) { continue }
                    return (reading, start)
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
            for fidelity in fidelities {
                let reading = Reading(form: index, area: [0..<file.count + 1], fidelity: fidelity)
                if let start = first(reading, in: 0..<file.count + 1) { return start }
            }
        }
        return nil
    }

    /// Where the file reads as the hunk would make it, as after it has been applied: below its anchor, or without one
    /// anywhere if it shows more than one line.
    func newLines() -> Range<Int>? {
        let new = hunk.lines.filter { $0.kind != .removed }
        let added = new.filter { $0.kind == .added }
        guard !hunk.isPureInsertion, added.contains(where: { WantedLines.weight($0.text) > 1 }) else { return nil }
        guard anchors != nil || new.count > 1 else { return nil }
        let ranges = anchors.map { lines(of: .blocks($0.all)) + lines(of: .definitions($0.all)) } ?? [0..<file.count]
        for range in ranges.map({ $0.clamped(to: 0..<file.count) }) where range.count >= new.count {
            let starts = range.lowerBound...range.upperBound - new.count
            let start = starts.first { start in
                new.indices.allSatisfy { Fidelity.areEqual(new[$0].text.trimmed, file[start + $0].trimmed) }
            }
            if let start { return start..<start + new.count }
        }
        return nil
    }

    private func areas(of form: HunkForm) -> [Area] {
        let start = file.count - form.old.count
        if form.endsFile, hunk.isUnified { return start >= 0 ? [.lines([start..<start + 1])] : [] }
        return form.endsFile && start >= 0 ? [.end([start..<start + 1])] + areas : areas
    }

    private func lines(of area: Area) -> [Range<Int>] {
        switch area {
        case .lines(let lines), .beyond(let lines), .end(let lines): lines
        case .blocks(let lines): AnchorPlaces.blocks(of: lines, in: file)
        case .definitions(let lines) where lines.count <= Self.definitionLimit:
            // The ranges must be in order and apart, as those of blocks are.
            AnchorPlaces.joined(lines.compactMap { definitions.block(of: $0) })
        case .definitions: []
        }
    }

    private static let definitionLimit = 16

    // MARK: Other definitions

    /// Whether at least one of the places of a reading is not in a definition that the anchor does not name.
    private func isClear(_ reading: Reading, from start: Int, in range: Range<Int>) -> Bool {
        places(reading, in: start..<range.upperBound, limit: Self.definitionLimit).contains { place in
            stranger(reading, at: place) == nil
        }
    }

    /// The definition that the hunk would be in at a place, and the line of the anchor that names another one.
    private func stranger(_ reading: Reading, at start: Int) -> (line: Int, anchor: Int)? {
        guard let anchors, !hunk.anchorIsHint, !hunk.isPureInsertion else { return nil }
        let placement = placement(reading, at: start)
        let shown = start..<start + placement.height
        let core = placement.core
        // New lines belong to what stands above them.
        let change = core.isEmpty && core.lowerBound > start ? core.lowerBound - 1 : core.lowerBound
        let first = shown.first { !file[$0].trimmed.isEmpty }
        let lines = [first, shown.contains(change) && !file[change].trimmed.isEmpty ? change : nil].compactMap(\.self)
        return definitions.stranger(
            holding: lines, removed: core.isEmpty ? nil : core.lowerBound, shown: shown, anchors: anchors.all)
    }

    /// The first place that fits but for being in another definition than the anchor names.
    func strangePlace() -> (start: Int, line: Int, anchor: Int)? {
        for (index, form) in forms.enumerated() where !form.form.old.isEmpty {
            for fidelity in fidelities {
                let reading = Reading(form: index, area: [0..<file.count + 1], fidelity: fidelity)
                for start in places(reading, in: 0..<file.count + 1, limit: Self.definitionLimit) {
                    if let (line, anchor) = stranger(reading, at: start) { return (start, line, anchor) }
                }
            }
        }
        return nil
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
