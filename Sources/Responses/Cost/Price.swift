/// What a model's tokens cost, as somebody has written it down: prices change, and no server tells them.
public struct Price: Sendable, Equatable {
    /// A million tokens of the input that are neither cached nor written to the cache.
    public var input: Double
    /// A million cached tokens of the input; nil if they cost as much as others.
    public var cached: Double?
    /// A million tokens of the input that are written to the cache; nil if they cost as much as others.
    public var cacheWrite: Double?
    /// A million tokens of the output, reasoning included.
    public var output: Double
    /// The currency, such as `USD`.
    public var currency: String
    /// The day on which these prices were valid, such as `2026-11-01`.
    public var date: String

    /// Takes the prices of a million tokens each.
    public init(
        input: Double, cached: Double? = nil, cacheWrite: Double? = nil, output: Double, currency: String,
        date: String
    ) {
        self.input = input
        self.cached = cached
        self.cacheWrite = cacheWrite
        self.output = output
        self.currency = currency
        self.date = date
    }

    /// What a response cost. The input of a usage includes what was cached and written (Responses API, "usage").
    public func cost(of usage: Usage) -> Cost {
        let plain = max(usage.input - usage.cached - usage.cacheWrite, 0)
        let sum =
            Double(plain) * input + Double(usage.cached) * (cached ?? input)
            + Double(usage.cacheWrite) * (cacheWrite ?? input) + Double(usage.output) * output
        return Cost(amount: sum / 1e6, currency: currency, date: date)
    }
}
