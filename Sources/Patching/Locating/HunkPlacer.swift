/// Gives every hunk of a file its place, or says why it has none.
///
/// Each hunk is looked for behind the one before it, and the first reading that fits decides how closely its lines
/// must match. Walking back from the end then finds the last place of each. Where first and last are the same for
/// all hunks there is one way to apply the patch, and it is taken; else the hunk is refused.
struct HunkPlacer {
    private let path: String
    private let dialect: PatchDialect
    private let file: LineTable
    private let searches: [HunkSearch]

    /// Reads a file and gives back it and the places of the hunks in it, in the order of the file.
    static func place(
        _ hunks: [Hunk], in bytes: [UInt8], path: String, dialect: PatchDialect
    ) throws(PatchError) -> (LineTable, [Placement]) {
        var wanted = WantedLines()
        let forms = hunks.map { HunkForm.forms(of: $0, wanting: &wanted) }
        let anchorIDs = hunks.map { hunk in hunk.anchors.map { wanted.want($0) } }
        let file = LineTable(bytes, finding: &wanted)
        func placer(_ composed: ComposedLines?) throws(PatchError) -> HunkPlacer {
            try HunkPlacer(
                hunks, forms, anchorIDs, wanted: wanted, composed: composed, in: file, path: path, dialect: dialect)
        }
        do throws(PatchError) {
            return (file, try placer(nil).placements())
        } catch {
            guard error.code != .ambiguous, let keys = composedKeys(hunks, forms, in: file) else { throw error }
            do throws(PatchError) {
                return (file, try placer(ComposedLines(of: keys, in: file)).placements())
            } catch let second {
                throw second.code == .ambiguous ? second : error
            }
        }
    }

    /// The lines to look up by canonical equivalence, or nil if there is nothing but ASCII.
    private static func composedKeys(_ hunks: [Hunk], _ forms: [[HunkForm]], in file: LineTable) -> [LineBytes]? {
        let keys =
            forms.joined().compactMap { form in form.longestOffset.map { form.old[$0].text } }
            + hunks.flatMap(\.anchors)
        let isBeyondASCII =
            TextEncoding.isBeyondASCII(file.bytes[file.textStart...])
            || keys.contains(where: TextEncoding.isBeyondASCII)
        return isBeyondASCII ? keys : nil
    }

    private init(
        _ hunks: [Hunk], _ forms: [[HunkForm]], _ anchorIDs: [[Int]], wanted: WantedLines, composed: ComposedLines?,
        in file: LineTable, path: String, dialect: PatchDialect
    ) throws(PatchError) {
        let definitions = Definitions(of: file, path: path)
        var searches: [HunkSearch] = []
        for (index, hunk) in hunks.enumerated() {
            let isSoft = hunk.anchorIsHint || (dialect == .native && hunk.anchors.count == 1)
            var places: AnchorPlaces?
            for (anchor, id) in zip(hunk.anchors, anchorIDs[index]) {
                var next = AnchorPlaces(anchor, candidates: wanted.found[id], in: file)
                if next.all.isEmpty, let composed { next = composed.places(of: anchor) }
                if let outer = places {
                    let inner = next.inside(outer, in: file, definitions)
                    let strange = next.all.lazy.compactMap { place in
                        definitions.stranger(holding: place, outside: outer).map { (place, $0) }
                    }.first
                    if inner.all.isEmpty, let (place, other) = strange {
                        throw PlacementExplanation(hunk, path: path, in: file).anchorIsElsewhere(
                            anchor, at: place, in: other, outer: outer.all[0])
                    }
                    next = inner
                }
                if next.all.isEmpty, isSoft, !hunk.isPureInsertion || hunk.hint != nil { break }
                guard !next.all.isEmpty else {
                    throw PlacementExplanation(hunk, path: path, in: file).anchorNotFound(anchor)
                }
                places = next
            }
            searches.append(
                HunkSearch(
                    hunk, forms: forms[index], wanted: wanted, anchors: places, anchorIsSoft: isSoft, in: file,
                    definitions, composed: composed))
        }
        (self.path, self.dialect, self.file, self.searches) = (path, dialect, file, searches)
    }

    /// The first and the last place of a hunk among those all hunks leave each other.
    private struct Span {
        let reading: HunkSearch.Reading
        let first: Int
        var last: Int
    }

    /// How much hunks may share.
    private enum Order { case separate, sharingContext, any }

    private func placements() throws(PatchError) -> [Placement] {
        let chained = searches.indices.filter { !isFloating(searches[$0]) }
        var spans: [Span]
        var order = Order.separate
        switch chain(chained, order: .separate) {
        case .success(let found): spans = found
        case .failure(let failing):
            guard let relaxed = relaxedChain(chained) else {
                throw PlacementExplanation(searches[failing.search].hunk, path: path, in: file).notFound(
                    search: searches[failing.search], floor: failing.floor)
            }
            (spans, order) = relaxed
        }
        spans = try resolved(spans, of: chained, order: order)
        try requireLineNumbers(spans, of: chained)
        var placements: [Placement] = []
        var cursor = 0
        var isPlaced = Dictionary(uniqueKeysWithValues: zip(chained, spans))
        for (index, search) in searches.enumerated() {
            var placement: Placement
            if let span = isPlaced.removeValue(forKey: index) {
                placement = search.placement(span.reading, at: span.first)
                cursor = span.first + placement.height
            } else {
                let goesLast = dialect == .envelope || search.hunk.endsFile
                placement = Placement(
                    hunk: search.hunk, lines: search.hunk.lines, start: goesLast ? file.count : cursor, height: 0,
                    shift: .none, goesLast: goesLast)
                try requirePlace(of: search.hunk)
            }
            placements.append(placement)
        }
        return placements.enumerated().sorted {
            let (one, other) = ($0.element, $1.element)
            return (one.core.lowerBound, one.goesLast ? 1 : 0, one.core.upperBound, $0.offset)
                < (other.core.lowerBound, other.goesLast ? 1 : 0, other.core.upperBound, $1.offset)
        }.map(\.element)
    }

    /// Whether a hunk only adds lines, at the end of the file or without an anchor to place them by.
    private func isFloating(_ search: HunkSearch) -> Bool {
        guard search.hunk.isPureInsertion else { return false }
        return (search.hunk.endsFile && !search.hunk.isUnified) || (!search.hasAnchor && search.hunk.hint?.count != 0)
    }

    private func requirePlace(of hunk: Hunk) throws(PatchError) {
        guard let hint = hunk.hint, hint.start != 0, file.count > 0, !hunk.endsFile else { return }
        throw PlacementExplanation(hunk, path: path, in: file).withoutContext()
    }

    /// Refuses lines that a unified diff places by number alone if the file is not as it was when they were counted.
    private func requireLineNumbers(_ spans: [Span], of chained: [Int]) throws(PatchError) {
        let hunks = chained.map { searches[$0].hunk }
        guard let blind = hunks.first(where: { $0.isUnified && $0.isPureInsertion && !$0.startsEmptyFile }) else {
            return
        }
        for (span, hunk) in zip(spans, hunks) where !hunk.isPureInsertion && hunk.hint?.start != span.first + 1 {
            throw PlacementExplanation(blind, path: path, in: file).withoutContext()
        }
    }

    // MARK: The chain

    private struct ChainFailure: Error {
        let search: Int
        let floor: Int
    }

    private func chain(
        _ chained: [Int], order: Order, pins: [Int: Int] = [:]
    ) -> Result<[Span], ChainFailure> {
        var spans: [Span] = []
        var end = 0
        for index in chained {
            let search = searches[index]
            let floor = order == .any ? 0 : max(0, end - (order == .sharingContext ? search.hunk.leadingContext : 0))
            guard let found = search.first(from: floor, pinnedTo: pins[index]) else {
                return .failure(ChainFailure(search: index, floor: floor))
            }
            spans.append(Span(reading: found.reading, first: found.start, last: found.start))
            end = found.start + search.height(found.reading)
            if order == .sharingContext { end -= search.trailingContext(found.reading) }
        }
        var limit = file.count
        for (place, index) in zip(spans.indices, chained).reversed() {
            let search = searches[index]
            let span = spans[place]
            var height = search.height(span.reading)
            if order == .sharingContext { height -= search.trailingContext(span.reading) }
            let top = order == .any ? file.count : limit - height
            if pins[index] == nil, top >= span.first,
                let last = search.last(span.reading, in: span.first..<top + 1)
            {
                spans[place].last = last
            }
            limit = spans[place].last + (order == .sharingContext ? search.hunk.leadingContext : 0)
        }
        return .success(spans)
    }

    /// Lets hunks share context lines, and if that does not help stand in any order, provided each has one place.
    private func relaxedChain(_ chained: [Int]) -> ([Span], Order)? {
        if case .success(let spans) = chain(chained, order: .sharingContext) { return (spans, .sharingContext) }
        guard case .success(let spans) = chain(chained, order: .any) else { return nil }
        guard spans.allSatisfy({ $0.first == $0.last }) else { return nil }
        let cores = zip(spans, chained).map { span, index in
            searches[index].placement(span.reading, at: span.first).core
        }.sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
        for (core, next) in zip(cores, cores.dropFirst()) where core.upperBound > next.lowerBound || core == next {
            return nil
        }
        return (spans, .any)
    }

    // MARK: More than one place

    private func resolved(_ spans: [Span], of chained: [Int], order: Order) throws(PatchError) -> [Span] {
        var spans = spans
        let open = ambiguous(spans, chained)
        if open.isEmpty { return spans }
        var pins: [Int: Int] = [:]
        for place in open {
            guard let hint = searches[chained[place]].hunk.hint, hint.start > 0 else { continue }
            let span = spans[place]
            if span.reading.fidelity == .composition { continue }
            let line = hint.start - 1
            guard span.first <= line, line <= span.last else { continue }
            if searches[chained[place]].first(span.reading, in: line..<line + 1) != nil { pins[chained[place]] = line }
        }
        if !pins.isEmpty, case .success(let pinned) = chain(chained, order: order, pins: pins) { spans = pinned }
        let left = ambiguous(spans, chained)
        guard let place = left.first else { return spans }
        let search = searches[chained[place]]
        let places = search.places(
            spans[place].reading, in: spans[place].first..<spans[place].last + 1, limit: Self.namedPlaces + 1)
        let isComposed = spans[place].reading.fidelity == .composition
        if !isComposed, left.count == 1, isSameEverywhere(search, spans[place].reading, places) { return spans }
        throw PlacementExplanation(search.hunk, path: path, in: file).ambiguous(
            places, last: spans[place].last, limit: Self.namedPlaces, isComposed: isComposed)
    }

    private static let namedPlaces = 8

    private func ambiguous(_ spans: [Span], _ chained: [Int]) -> [Int] {
        spans.indices.filter { place in
            guard spans[place].first != spans[place].last else { return false }
            let index = chained[place]
            let isFollowed = index + 1 < searches.count && isFloating(searches[index + 1]) && dialect == .native
            return searches[index].hunk.changes || isFollowed
        }
    }

    /// Whether the file comes out the same at all of a few places, as when one of two equal neighbours goes.
    private func isSameEverywhere(_ search: HunkSearch, _ reading: HunkSearch.Reading, _ places: [Int]) -> Bool {
        guard places.count <= Self.namedPlaces, file.bytes.count <= 1 << 20, searches.count == 1 else { return false }
        var seen: [UInt8]?
        for place in places {
            var text = PatchedText(file, path: path, dialect: dialect)
            guard let result = try? text.applying([search.placement(reading, at: place)]) else { return false }
            if let seen, seen != result { return false }
            seen = result
        }
        return true
    }
}
