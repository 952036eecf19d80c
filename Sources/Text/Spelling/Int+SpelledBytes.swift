extension Int {
    /// A number of bytes as people say it, in the largest unit that it fills, cut to tenths: `512 bytes`, `8.4 MB`.
    ///
    /// A unit is 1,024 of the next smaller one everywhere, in what is written as in what is read: 1 KB is 1,024 bytes
    /// and 1 MB is 1,048,576. `init(spelledOutBytes:)` reads it back.
    public var spelledAsBytes: String {
        for (name, shift) in Self.byteUnits.reversed() where self >= 1 << shift {
            let unit = 1 << shift
            let tenths = self % unit * 10 / unit
            let whole = self / unit
            return tenths == 0 || whole >= 100 ? "\(whole) \(name)" : "\(whole).\(tenths) \(name)"
        }
        return "\(self) bytes"
    }

    /// Reads `500KB`, `8 MB`, `1.5GB`, `12 bytes` or a bare number of bytes; nil for anything else, a sign among it.
    ///
    /// 1 KB is 1,024 bytes. A fraction is rounded up to whole bytes.
    public init?(spelledOutBytes text: String) {
        var rest = text[...]
        guard let amount = SpelledAmount(&rest), rest.isEmpty else { return nil }
        let shift: Int
        if ["", "B", "bytes"].contains(amount.unit) {
            guard !amount.hasDecimals else { return nil }
            shift = 0
        } else {
            guard let unit = Self.byteUnits.first(where: { $0.name == amount.unit }) else { return nil }
            shift = unit.shift
        }
        guard let bytes = amount.times(1 << shift) else { return nil }
        self = bytes
    }

    private static let byteUnits: [(name: String, shift: Int)] = [("KB", 10), ("MB", 20), ("GB", 30), ("TB", 40)]
}
