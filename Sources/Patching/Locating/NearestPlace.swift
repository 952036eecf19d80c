/// The place in a file that is most like the old lines of a hunk.
struct NearestPlace {
    /// The line of the file at which the first old line would stand.
    let start: Int
    /// The first old line that differs there.
    let offset: Int
    /// Whether only indentation keeps the hunk from fitting.
    let isIndentationOnly: Bool

    /// Lets every line of the file that looks like an old line vote for a start; nil if nothing is alike.
    init?(of old: [HunkLine], in file: LineTable) {
        var wanted = WantedLines()
        let telling = old.indices.filter { WantedLines.weight(old[$0].text) > 0 }
        let ids = telling.map { wanted.want(old[$0].text) }
        _ = LineTable(file.bytes, finding: &wanted)
        var votes: [Int: Int] = [:]
        for (offset, id) in zip(telling, ids) {
            for line in wanted.found[id].prefix(Self.votesPerLine) where line >= offset {
                votes[line - offset, default: 0] += WantedLines.weight(old[offset].text)
            }
        }
        if let best = votes.max(by: { ($0.value, -$0.key) < ($1.value, -$1.key) }) {
            start = best.key
        } else if let offset = telling.max(by: { old[$0].text.count < old[$1].text.count }),
            let line = Self.line(like: old[offset].text, in: file), line >= offset
        {
            start = line - offset
        } else {
            return nil
        }
        let place = start
        func differs(_ index: Int, by view: (LineBytes) -> LineBytes) -> Bool {
            guard place + index < file.count else { return true }
            let (here, there) = (
                view(TextEncoding.plain(old[index].text)), view(TextEncoding.plain(file[place + index]))
            )
            return !Fidelity.areEqual(here, there) && !ComposedLines.areEquivalent(here, there)
        }
        let inText = old.indices.first { differs($0) { $0.trimmed } }
        isIndentationOnly = inText == nil
        offset = inText ?? old.indices.first { differs($0) { $0.withoutTrailingSpace } } ?? 0
    }

    private static let votesPerLine = 10_000

    /// The line of a file that has most of its beginning and end in common with a text, if that is half of it or more.
    static func line(like text: LineBytes, in file: LineTable) -> Int? {
        let wanted = text.trimmed
        guard !wanted.isEmpty else { return nil }
        var best: (line: Int, common: Int, length: Int)?
        for line in 0..<file.count {
            let there = file[line].trimmed
            let length = max(there.count, wanted.count)
            guard min(there.count, wanted.count) * 2 >= length else { continue }
            let prefix = zip(there, wanted).prefix { $0 == $1 }.count
            let rest = min(there.count, wanted.count) - prefix
            let suffix = zip(there.reversed(), wanted.reversed()).prefix(rest).prefix { $0 == $1 }.count
            let common = prefix + suffix
            guard common * 2 >= length else { continue }
            if let best, best.common * length >= common * best.length { continue }
            best = (line, common, length)
        }
        return best?.line
    }
}
