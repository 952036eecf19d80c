extension Int {
    /// A number that need not be exact, cut to three digits: `950`, `14k`, `1.2M`; thousands and millions by ten.
    public var spelledAsCount: String {
        for (name, unit) in [("M", 1_000_000), ("k", 1000)] where self >= unit {
            let tenths = self % unit * 10 / unit
            let whole = self / unit
            return tenths == 0 || whole >= 10 ? "\(whole)\(name)" : "\(whole).\(tenths)\(name)"
        }
        return "\(self)"
    }
}
