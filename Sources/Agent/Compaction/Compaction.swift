import Configuration
import Responses
import Session

/// What a turn loop knows of its history's size, and of the ways to make it shorter.
struct Compaction: Sendable {
    /// When the history is compacted.
    var policy: CompactionPolicy
    /// The ways that have not proved impossible, cheapest first.
    var routes: [CompactionReport.Route]
    /// The history's size.
    var size: WindowSize
    /// So many milestones have been looked at.
    var milestonesSeen: Int
    /// The size of a history that the server has compacted by itself, before it did; nil unless it has just done so.
    var sizeBeforeServers: Int?

    /// How long all tries together may take.
    static let longestTry: Duration = .seconds(240)

    /// - Parameter state: What is known of a session that goes on.
    init(policy: CompactionPolicy, routes: [CompactionReport.Route], after state: SessionState = SessionState()) {
        self.policy = policy
        self.routes = routes
        size = state.windowSize
        milestonesSeen = state.work.weighedMilestoneCount
    }

    /// Takes note of a response, whose items have joined the history.
    mutating func note(_ response: ModelResponse, in window: Window, before: Int) {
        let isCompacted = response.items.contains(where: \.isCompaction)
        if isCompacted { sizeBeforeServers = before }
        guard let usage = response.end.usage, usage.input > 0 else { return }
        size.count(usage.total, of: window)
        if !isCompacted { policy.notCompacted(usage.input) }
    }

    /// The most tokens that the last step should have in a new history.
    var keptLimit: Int { max((policy.limit ?? 100_000) / 5, 500) }
}

/// A short form of a history, with what it cost.
struct ShortHistory: Sendable {
    var form: CompactionPlan.Short
    var usage: Usage?
}

/// Why a way of making a history shorter has come to nothing.
struct CompactionFailure: Error {
    /// In words.
    let reason: String
    /// Whether the same will happen every time.
    let isLasting: Bool
    /// Whether what was to be compacted was itself too long.
    let isOverflow: Bool
    /// What it cost all the same, where an answer has come.
    private(set) var usage: Usage?

    /// An answer that has not what was asked for.
    static func invalid(_ reason: String, usage: Usage? = nil) -> Self {
        CompactionFailure(reason: reason, isLasting: true, usage: usage)
    }

    init(reason: String, isLasting: Bool, isOverflow: Bool = false, usage: Usage? = nil) {
        self.reason = reason
        self.isLasting = isLasting
        self.isOverflow = isOverflow
        self.usage = usage
    }

    /// Reads any error of a request.
    init(_ error: any Error) {
        switch error {
        case let failure as CompactionFailure: self = failure
        case let failure as ConnectionMachine.Failure:
            reason = String(failure.error.clause)
            switch failure.kind {
            case .contextOverflow: (isLasting, isOverflow) = (false, true)
            case .temporary, .untrusted: (isLasting, isOverflow) = (false, false)
            case .credentials, .parameter, .billing, .policy, .permanent: (isLasting, isOverflow) = (true, false)
            }
        default:
            let ending = RunEnding(error, interruption: nil)
            (reason, isLasting, isOverflow) = (ending.message, false, false)
        }
    }
}
