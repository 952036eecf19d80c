/// A number and its unit, such as `1.5 MB`.
struct SpelledAmount {
    /// Digits behind the point that are read: as many as keep the products small.
    private static let mostDecimals = 3

    private let whole: Int
    private let decimals: Int
    private let scale: Int
    /// The letters behind the number, after at most one space.
    let unit: Substring

    /// Takes an amount off the start of a text; nil where there is none, which leaves the text as it is.
    init?(_ text: inout Substring) {
        var rest = text
        let digits = Self.digits(&rest)
        guard let whole = Int(digits) else { return nil }
        self.whole = whole
        if rest.first == "." {
            rest.removeFirst()
            let digits = Self.digits(&rest)
            guard let decimals = Int(digits), digits.count <= Self.mostDecimals else { return nil }
            self.decimals = decimals
            scale = digits.reduce(1) { scale, _ in scale * 10 }
        } else {
            (decimals, scale) = (0, 1)
        }
        if rest.first == " " { rest.removeFirst() }
        unit = rest.prefix { $0.isASCII && $0.isLetter }
        text = rest.dropFirst(unit.count)
    }

    /// Whether there are digits behind a point.
    var hasDecimals: Bool { scale > 1 }

    /// The amount in a smaller unit, rounded up to a whole number; nil if that is too large.
    func times(_ factor: Int) -> Int? {
        let (product, isTooLarge) = whole.multipliedReportingOverflow(by: factor)
        let (part, isPartTooLarge) = decimals.multipliedReportingOverflow(by: factor)
        guard !isTooLarge, !isPartTooLarge else { return nil }
        let (sum, isSumTooLarge) = product.addingReportingOverflow(part / scale + (part % scale > 0 ? 1 : 0))
        return isSumTooLarge ? nil : sum
    }

    private static func digits(_ text: inout Substring) -> Substring {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        text.removeFirst(digits.count)
        return digits
    }
}
