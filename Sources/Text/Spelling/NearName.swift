/// Finds the name that a mistyped word most likely means.
public enum NearName {
    /// The only name within two typing errors of the text; nil for none or several.
    public static func of(_ text: String, in names: [String]) -> String? {
        let typed = Array(text.lowercased())
        let near = names.map { ($0, distance(typed, Array($0))) }.filter {
            $1 <= min(2, max($0.count, typed.count) / 3)
        }
        guard let best = near.min(by: { $0.1 < $1.1 }) else { return nil }
        return near.count { $0.1 == best.1 } == 1 ? best.0 : nil
    }

    /// The number of letters to insert, delete, replace or swap with the next (Damerau-Levenshtein).
    private static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var table = [Array(0...b.count)]
        for (row, letter) in a.enumerated() {
            var line = [row + 1]
            for (column, other) in b.enumerated() {
                var cost = min(
                    line[column] + 1, table[row][column + 1] + 1, table[row][column] + (letter == other ? 0 : 1))
                if row > 0, column > 0, letter == b[column - 1], a[row - 1] == other {
                    cost = min(cost, table[row - 1][column - 1] + 1)
                }
                line.append(cost)
            }
            table.append(line)
        }
        return table[a.count][b.count]
    }
}
