/// An amount of money, reckoned with prices of a certain day.
public struct Cost: Sendable, Equatable {
    /// How much, in the currency's main unit.
    public var amount: Double
    /// The currency, such as `USD`.
    public var currency: String
    /// The day of the prices, such as `2026-11-01`.
    public var date: String

    /// Names an amount.
    public init(amount: Double, currency: String, date: String) {
        self.amount = amount
        self.currency = currency
        self.date = date
    }

    /// The sum with a later cost; nil for two currencies, which have none. The later prices give the date.
    public func adding(_ later: Cost) -> Cost? {
        guard currency == later.currency else { return nil }
        return Cost(amount: amount + later.amount, currency: currency, date: later.date)
    }

    /// The amount for a person: `2.50 USD`, and with four digits below a tenth: `0.0042 USD`.
    public var spelled: String { "\(Self.spelled(amount)) \(currency)" }

    private static func spelled(_ amount: Double) -> String {
        let digits = amount < 0.0995 ? 4 : 2
        let scale = digits == 4 ? 10_000 : 100
        // Nothing that anybody pays is larger.
        let units = Int((min(max(amount, 0), 1e12) * Double(scale)).rounded())
        let fraction = String(units % scale)
        return "\(units / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}
