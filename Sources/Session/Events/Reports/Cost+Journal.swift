import JSON
import Responses

extension Cost {
    func write(into writer: inout JSONWriter) {
        // A millionth is more exact than any price.
        writer.member("amount", (amount * 1e6).rounded() / 1e6)
        writer.member("currency", currency)
        writer.member("prices_of", date)
    }

    /// Reads a cost as events show it.
    init?(journal json: JSON) {
        guard let amount = json["amount"]?.double, amount.isFinite, let currency = json["currency"]?.string else {
            return nil
        }
        self.init(amount: amount, currency: currency, date: json["prices_of"]?.string ?? "")
    }
}
