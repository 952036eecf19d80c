/// An axis from zero with round steps that are easy to read.
struct ChartAxis {
    /// The highest value on it.
    let end: Double
    /// The distance of two marks.
    let step: Double

    /// Covers values up to `maximum` with about `count` steps.
    ///
    /// - Parameter isTime: Whether values are seconds: then steps above a minute are minutes and hours.
    init(to maximum: Double, count: Int, isTime: Bool) {
        let rough = max(maximum, 1e-3) / Double(count)
        let nice = isTime ? [60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400].first { $0 >= rough } : nil
        step = isTime && rough > 30 ? nice ?? Self.decimal(rough) : Self.decimal(rough)
        end = max(1, (max(maximum, 1e-3) / step).rounded(.up)) * step
    }

    /// The values that get a mark, including zero and the end.
    var marks: [Double] { (0...Int((end / step).rounded())).map { Double($0) * step } }

    /// Seconds as a mark says them: in the unit of the step.
    func spelledTime(_ value: Double) -> String {
        if value == 0 { return "0" }
        if step >= 3600 { return "\(Int((value / 3600).rounded())) h" }
        if step >= 60 { return "\(Int((value / 60).rounded())) min" }
        if step >= 1 { return "\(Int(value.rounded())) s" }
        guard step >= 0.1 else { return "\(Int((value * 1000).rounded())) ms" }
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }

    /// A count as a mark says it: thousands as k, millions as M.
    func spelledCount(_ value: Double) -> String {
        func spelled(_ unit: Double, _ name: String) -> String {
            let tenths = Int((value / unit * 10).rounded())
            return tenths % 10 == 0 ? "\(tenths / 10)\(name)" : "\(tenths / 10).\(tenths % 10)\(name)"
        }
        if value >= 1_000_000 { return spelled(1_000_000, "M") }
        return value >= 1000 ? spelled(1000, "k") : "\(Int(value.rounded()))"
    }

    /// The next of 1, 2, 5, 10, … that is not below.
    private static func decimal(_ rough: Double) -> Double {
        var unit = 1e-3
        while unit * 10 <= rough { unit *= 10 }
        return unit * ([1, 2, 5].first { $0 * unit >= rough * 0.999 } ?? 10)
    }
}
