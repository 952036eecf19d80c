import JSON
import Responses
import Testing

@Suite struct `A cost` {
    @Test(arguments: [
        (0, "0.0000 USD"), (0.00004, "0.0000 USD"), (0.0042, "0.0042 USD"), (0.0994, "0.0994 USD"),
        (0.0999, "0.10 USD"),
        (2.5, "2.50 USD"), (2.999, "3.00 USD"), (1234.005, "1234.01 USD"), (1e300, "1000000000000.00 USD"),
        (-1, "0.0000 USD"),
    ])
    func `is spelled with as many digits as it needs`(_ amount: Double, _ words: String) {
        #expect(Cost(amount: amount, currency: "USD", date: "2026-11-01").spelled == words)
    }

    @Test func `is added in one currency only, with the later date`() {
        let first = Cost(amount: 1, currency: "USD", date: "2026-01-01")
        let second = Cost(amount: 2, currency: "USD", date: "2026-11-01")
        #expect(first.adding(second) == Cost(amount: 3, currency: "USD", date: "2026-11-01"))
        #expect(first.adding(Cost(amount: 1, currency: "EUR", date: "")) == nil)
    }

    @Test func `of a usage with numbers that no server can mean is a number`() throws {
        let usage = Usage(
            try JSON(
                #"{"input_tokens":9223372036854775807,"input_tokens_details":{"cached_tokens":-9223372036854775808},"#
                    + #""output_tokens":9223372036854775807}"#))
        var sum = usage
        sum += usage
        #expect(sum.total > 0 && usage.cached == 0 && usage.cachedShare == 0)
        let price = Price(input: 1, output: 1, currency: "USD", date: "")
        #expect(price.cost(of: usage).amount > 0)
        // More cached than there was: what is left costs nothing.
        var odd = Usage()
        (odd.input, odd.cached) = (10, 20)
        #expect(Price(input: 1e6, cached: 0, output: 1, currency: "USD", date: "").cost(of: odd).amount == 0)
        #expect(odd.cachedShare == 1 && Usage().cachedShare == nil)
    }
}
