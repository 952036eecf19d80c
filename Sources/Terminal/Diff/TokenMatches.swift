/// The tokens that two lines share in a shortest edit (Myers 1986, "An O(ND) Difference Algorithm").
struct TokenMatches {
    /// For each old token, whether it is kept.
    private(set) var old: [Bool]
    /// For each new token, whether the old line has it.
    private(set) var new: [Bool]

    /// Compares two lines; nil if they differ in more than `editLimit` tokens.
    init?(_ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>], editLimit: Int) {
        self.old = Array(repeating: false, count: old.count)
        self.new = Array(repeating: false, count: new.count)
        var start = 0
        while start < min(old.count, new.count), old[start] == new[start] { start += 1 }
        var (oldEnd, newEnd) = (old.count, new.count)
        while oldEnd > start, newEnd > start, old[oldEnd - 1] == new[newEnd - 1] {
            oldEnd -= 1
            newEnd -= 1
        }
        for index in 0..<start { (self.old[index], self.new[index]) = (true, true) }
        for index in oldEnd..<old.count { self.old[index] = true }
        for index in newEnd..<new.count { self.new[index] = true }
        guard oldEnd > start, newEnd > start else { return }
        guard let kept = Self.path(Array(old[start..<oldEnd]), Array(new[start..<newEnd]), editLimit) else {
            return nil
        }
        for (x, y) in kept { (self.old[start + x], self.new[start + y]) = (true, true) }
    }

    /// The pairs of equal tokens on the shortest way through the edit graph.
    private static func path(
        _ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>], _ editLimit: Int
    ) -> [(Int, Int)]? {
        let limit = min(editLimit, old.count + new.count)
        let middle = limit + 1
        var reach = Array(repeating: 0, count: 2 * limit + 3)
        var history: [[Int]] = []
        for edits in 0...limit {
            history.append(reach)
            for diagonal in stride(from: -edits, through: edits, by: 2) {
                let isDown = comesDown(reach, diagonal, edits, middle)
                var x = isDown ? reach[middle + diagonal + 1] : reach[middle + diagonal - 1] + 1
                var y = x - diagonal
                while x < old.count, y < new.count, x >= 0, y >= 0, old[x] == new[y] {
                    x += 1
                    y += 1
                }
                reach[middle + diagonal] = x
                if x >= old.count, y >= new.count { return walk(back: history, from: (x, y), middle) }
            }
        }
        return nil
    }

    private static func comesDown(_ reach: [Int], _ diagonal: Int, _ edits: Int, _ middle: Int) -> Bool {
        diagonal == -edits
            || (diagonal != edits && reach[middle + diagonal - 1] < reach[middle + diagonal + 1])
    }

    private static func walk(back history: [[Int]], from end: (Int, Int), _ middle: Int) -> [(Int, Int)] {
        var (x, y) = end
        var pairs: [(Int, Int)] = []
        for edits in stride(from: history.count - 1, through: 0, by: -1) {
            let reach = history[edits]
            let isDown = comesDown(reach, x - y, edits, middle)
            let diagonal = isDown ? x - y + 1 : x - y - 1
            let fromX = edits == 0 ? 0 : reach[middle + diagonal]
            let fromY = edits == 0 ? 0 : fromX - diagonal
            let (stopX, stopY) = edits == 0 ? (0, 0) : isDown ? (fromX, fromY + 1) : (fromX + 1, fromY)
            while x > stopX, y > stopY {
                x -= 1
                y -= 1
                pairs.append((x, y))
            }
            (x, y) = (fromX, fromY)
        }
        return pairs
    }
}
