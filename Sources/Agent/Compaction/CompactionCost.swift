import Session

/// What a compaction costs, against what it saves: docs/compaction.md has the arithmetic.
///
/// The unit is the price of one input token that no cache has.
struct CompactionCost {
    /// What a cached token costs, one that is written into the cache, and one of output.
    private static let (cached, written, output) = (0.1, 1.25, 6.0)
    /// What a model writes when it compacts, its reasoning included, in tokens.
    private static let outputTokens = 2500.0

    /// The size of the history, and what it comes to after a compaction, in tokens.
    let (before, after): (Int, Int)
    /// How it would be done.
    let route: CompactionReport.Route

    /// What it costs once: reading the history, writing the short form of it, and the cache that begins anew.
    var price: Double {
        let reading: Double
        switch route {
        // They begin with the same bytes as all requests before them.
        case .trigger, .summary, .server: reading = Self.cached
        // It takes no tools, so that no cache has what it begins with.
        case .endpoint: reading = 1
        }
        return Double(before) * reading + Self.outputTokens * Self.output
            + Double(after) * (Self.written - Self.cached)
    }

    /// What each turn costs less from then on.
    var savingPerTurn: Double { Double(before - after) * Self.cached }

    /// Whether it pays by the end of the run, as far as one can tell at a milestone.
    func isWorthwhile(at milestone: Milestone.Kind) -> Bool {
        savingPerTurn * Double(Self.turnsLeft(after: milestone)) >= price
    }

    /// How many turns follow a milestone, as a rule.
    private static func turnsLeft(after milestone: Milestone.Kind) -> Int {
        switch milestone {
        case .reproduced: 20
        case .rootCause, .progress: 15
        case .fixApplied: 6
        case .verified: 2
        }
    }
}
