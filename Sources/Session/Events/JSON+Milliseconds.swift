import JSON

extension JSON {
    /// A number of milliseconds as a time, to microseconds; nil for what is no number or beyond 3000 years.
    var milliseconds: Duration? {
        guard let double, abs(double) < 1e14 else { return nil }
        return .microseconds(Int((double * 1000).rounded()))
    }
}
