/// What differs within a line and the line that took its place, word by word.
struct WordDiff: Sendable, Hashable {
    /// The bytes of the old line that are gone, in order, not adjacent.
    let old: [Range<Int>]
    /// The bytes of the new line that were not there.
    let new: [Range<Int>]

    /// The longest line that is compared, in bytes.
    static let lineLimit = 16_384
    /// The most words that may differ; the cost is this times the number of words.
    static let editLimit = 160

    /// Compares two lines, given without their endings.
    ///
    /// Nil if they have too little in common for marks to help, or are too long.
    init?(old: [UInt8], new: [UInt8]) {
        guard old.count <= Self.lineLimit, new.count <= Self.lineLimit else { return nil }
        self.init(TokenizedLine(old), TokenizedLine(new))
    }

    init?(_ old: TokenizedLine, _ new: TokenizedLine) {
        guard let kept = TokenMatches(old.contents, new.contents, editLimit: Self.editLimit) else { return nil }
        guard Self.isAlike(old, new, kept) else { return nil }
        self.old = Self.ranges(old, isKept: kept.old)
        self.new = Self.ranges(new, isKept: kept.new)
    }

    /// Whether the lines share enough: 30 % of what is not space, or 15 % if one contains all of the other.
    private static func isAlike(_ old: TokenizedLine, _ new: TokenizedLine, _ kept: TokenMatches) -> Bool {
        let weight = old.weight + new.weight
        guard weight > 0 else { return true }
        let common = zip(old.tokens, kept.old).reduce(0) { $1.1 && !$1.0.isSpace ? $0 + $1.0.range.count : $0 }
        guard common > 0 else { return false }
        let isWithin = common == old.weight || common == new.weight
        return common * 2 * 100 >= weight * (isWithin ? 15 : 30)
    }

    /// The stretches that are not kept, with the spaces between two of them.
    private static func ranges(_ line: TokenizedLine, isKept: [Bool]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var isOnlySpaceSince = false
        for (token, isKept) in zip(line.tokens, isKept) {
            if isKept {
                isOnlySpaceSince = isOnlySpaceSince && token.isSpace
                continue
            }
            if let last = ranges.last, isOnlySpaceSince {
                ranges[ranges.count - 1] = last.lowerBound..<token.range.upperBound
            } else {
                ranges.append(token.range)
            }
            isOnlySpaceSince = true
        }
        return ranges
    }
}

/// A line cut into words, for comparing it with several others.
struct TokenizedLine: Sendable {
    let tokens: [DiffToken]
    /// The bytes of each token.
    let contents: [ArraySlice<UInt8>]
    /// The bytes that are not space.
    let weight: Int
    /// How often each token that is not space occurs.
    let counts: [ArraySlice<UInt8>: Int]

    init(_ line: [UInt8]) {
        tokens = DiffToken.tokens(of: line)
        contents = tokens.map { line[$0.range] }
        weight = tokens.reduce(0) { $1.isSpace ? $0 : $0 + $1.range.count }
        var counts: [ArraySlice<UInt8>: Int] = [:]
        for (token, content) in zip(tokens, contents) where !token.isSpace { counts[content, default: 0] += 1 }
        self.counts = counts
    }

    /// How much two lines share, from 0 to 1000, whatever the order of their tokens; lines are paired by it.
    func likeness(to other: TokenizedLine) -> Int {
        let total = weight + other.weight
        guard total > 0 else { return 1000 }
        var common = 0
        for (content, count) in counts {
            if let theirs = other.counts[content] { common += min(count, theirs) * content.count }
        }
        return common * 2000 / total
    }
}
