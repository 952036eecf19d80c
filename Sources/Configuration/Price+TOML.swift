import Responses
import TOML

extension Price {
    /// The keys of `[prices."MODEL"]`.
    enum Key: String, CaseIterable {
        case input, cached, output, currency, date
        case cacheWrite = "cache_write"
    }

    /// Reads one `[prices."MODEL"]`: money for a million tokens of each kind.
    ///
    /// - Throws: For the first key that is unknown or has an invalid value, and for one that is missing: the prices of
    ///   input and output, and the day on which somebody looked them up.
    init(_ section: TOMLSection) throws(TOMLError) {
        var (input, output, date): (Double?, Double?, String?) = (nil, nil, nil)
        self.init(input: 0, output: 0, currency: "USD", date: "")
        for field in section.fields {
            switch try field.key() as Key {
            case .input: input = try field.price()
            case .cached: cached = try field.price()
            case .cacheWrite: cacheWrite = try field.price()
            case .output: output = try field.price()
            case .currency:
                currency = try field.text("a word such as \"USD\"") { word in
                    word.isEmpty || word.contains { $0.isWhitespace || $0.isNewline } ? nil : word
                }
            case .date:
                guard let day = field.value.dateTime, day.kind == .localDate else {
                    throw field.mismatch("a date such as 2026-11-01, without quotes")
                }
                date = day.description
            }
        }
        guard let input, let output, let date else {
            throw section.error("needs input and output, the prices of a million tokens, and date, their day")
        }
        (self.input, self.output, self.date) = (input, output, date)
    }
}

extension TOMLField {
    fileprivate func price() throws(TOMLError) -> Double {
        try amount("a price of a million tokens such as 1.25") { $0 >= 0 }
    }

    /// An amount of money, with or without a point.
    ///
    /// - Throws: A mismatch for what is no number, and for one that is not accepted.
    func amount(_ expected: String, where isAccepted: (Double) -> Bool) throws(TOMLError) -> Double {
        guard let amount = value.float ?? value.integer.map(Double.init), amount.isFinite, isAccepted(amount) else {
            throw mismatch(expected)
        }
        return amount
    }
}
