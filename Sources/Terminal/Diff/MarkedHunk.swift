public import Repository

/// A hunk prepared for being shown: what differs within lines is marked, what cannot be seen is spelled out.
///
/// Terminals and pages render the same value.
public struct MarkedHunk: Sendable, Hashable {
    /// The lines, in the order of the hunk.
    public let lines: [MarkedLine]

    /// Compares the changed lines of a hunk word by word, and takes no more than its first `limit` lines.
    public init(_ hunk: DiffHunk, limit: Int = .max) {
        let all = Array(hunk.lines.prefix(limit))
        let contents = all.map { LineContent($0.bytes) }
        var changed: [Int: [Range<Int>]] = [:]
        var counterparts: [Int: Int] = [:]
        for block in Self.blocks(all) {
            let removed = block.filter { all[$0].kind == .removed }
            let added = block.filter { all[$0].kind == .added }
            let pairs = LinePairing.pairs(
                removed: removed.map { contents[$0].text }, added: added.map { contents[$0].text })
            for pair in pairs {
                let (old, new) = (removed[pair.removed], added[pair.added])
                (counterparts[old], counterparts[new]) = (new, old)
                (changed[old], changed[new]) = (pair.words.old, pair.words.new)
            }
        }
        let showsReturns = Set(contents.filter(\.hasLineFeed).map(\.hasReturn)).count > 1
        lines = all.indices.map { index in
            MarkedLine(
                all[index], contents[index], changed: changed[index] ?? [], counterpart: counterparts[index],
                showsReturn: showsReturns || !contents[index].hasLineFeed)
        }
    }

    /// Stretches of changed lines, each between context lines.
    private static func blocks(_ lines: [DiffLine]) -> [Range<Int>] {
        var blocks: [Range<Int>] = []
        var start: Int?
        for (index, line) in lines.enumerated() {
            if line.kind != .context {
                start = start ?? index
            } else if let first = start {
                blocks.append(first..<index)
                start = nil
            }
        }
        if let start { blocks.append(start..<lines.count) }
        return blocks
    }
}

/// A line taken apart into its text and its ending.
struct LineContent {
    let text: [UInt8]
    let hasReturn: Bool
    let hasLineFeed: Bool

    init(_ bytes: [UInt8]) {
        var text = bytes[...]
        hasLineFeed = text.last == UInt8(ascii: "\n")
        if hasLineFeed { text.removeLast() }
        hasReturn = text.last == UInt8(ascii: "\r")
        if hasReturn { text.removeLast() }
        self.text = Array(text)
    }
}
