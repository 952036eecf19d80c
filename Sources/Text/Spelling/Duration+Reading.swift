extension Duration {
    /// Reads `90s`, `30m`, `1h30m`, `2 min 5 s`, `1.3 s`, `200 ms`, or a bare number of seconds.
    ///
    /// Nil for anything else, for zero, and beyond a hundred years, which is a slip of the keys.
    public init?(spelledOut text: String) {
        var milliseconds = 0
        if let seconds = Int(text) {
            guard seconds > 0, seconds <= Self.longest / 1000 else { return nil }
            milliseconds = seconds * 1000
        } else {
            var rest = text[...]
            while let amount = SpelledAmount(&rest) {
                guard let unit = Self.units[String(amount.unit)], let part = amount.times(unit), part <= Self.longest,
                    milliseconds <= Self.longest
                else { return nil }
                milliseconds += part
                if rest.first == " ", rest.count > 1 { rest.removeFirst() }
            }
            guard rest.isEmpty else { return nil }
        }
        guard milliseconds > 0, milliseconds <= Self.longest else { return nil }
        self = .milliseconds(milliseconds)
    }

    /// The units and their milliseconds.
    private static let units = ["ms": 1, "s": 1000, "m": 60_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000]
    private static let longest = 36525 * 86_400_000
}
