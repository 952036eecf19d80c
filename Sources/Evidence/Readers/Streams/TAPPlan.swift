/// The plan of a stream of TAP, `1..5`.
struct TAPPlan {
    /// How many tests are announced.
    let count: Int

    init?(_ line: Substring) {
        guard let rest = line.after("1.."), let (count, end) = rest.leadingNumber,
            end.isEmpty || end.trimmed.starts(with: "#")
        else { return nil }
        self.count = count
    }
}
