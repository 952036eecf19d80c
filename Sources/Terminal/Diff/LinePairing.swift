/// Finds which added line took the place of which removed line.
struct LinePairing {
    /// One line and the line that took its place, with the words that differ.
    struct Pair: Sendable {
        let removed: Int
        let added: Int
        let words: WordDiff
    }

    /// The most comparisons for one block of changed lines; beyond it lines are paired by position.
    private static let comparisonLimit = 4_096
    /// How alike two lines must be to be a pair, of 1000.
    private static let likenessLimit = 250

    /// Pairs the lines of a block, given without endings; pairs never cross.
    static func pairs(removed: [[UInt8]], added: [[UInt8]]) -> [Pair] {
        guard !removed.isEmpty, !added.isEmpty else { return [] }
        let limit = WordDiff.lineLimit
        let old = removed.map { $0.count <= limit ? TokenizedLine($0) : nil }
        let new = added.map { $0.count <= limit ? TokenizedLine($0) : nil }
        let places =
            old.count * new.count <= comparisonLimit
            ? bestPlaces(old, new) : (0..<min(old.count, new.count)).map { ($0, $0) }
        return places.compactMap { removed, added in
            guard let before = old[removed], let after = new[added] else { return nil }
            return WordDiff(before, after).map { Pair(removed: removed, added: added, words: $0) }
        }
    }

    /// The pairs with the most in common altogether, by dynamic programming over both lists.
    private static func bestPlaces(_ old: [TokenizedLine?], _ new: [TokenizedLine?]) -> [(Int, Int)] {
        let width = new.count + 1
        var best = Array(repeating: 0, count: (old.count + 1) * width)
        var isPair = Array(repeating: false, count: best.count)
        for row in stride(from: old.count - 1, through: 0, by: -1) {
            for column in stride(from: new.count - 1, through: 0, by: -1) {
                let place = row * width + column
                let single = max(best[place + width], best[place + 1])
                let likeness = old[row].flatMap { old in new[column].map { old.likeness(to: $0) } } ?? 0
                let paired = likeness >= likenessLimit ? best[place + width + 1] + likeness : 0
                isPair[place] = paired > single
                best[place] = max(paired, single)
            }
        }
        var places: [(Int, Int)] = []
        var (row, column) = (0, 0)
        while row < old.count, column < new.count {
            let place = row * width + column
            if isPair[place] {
                places.append((row, column))
                row += 1
                column += 1
            } else if best[place + width] >= best[place + 1] {
                row += 1
            } else {
                column += 1
            }
        }
        return places
    }
}
