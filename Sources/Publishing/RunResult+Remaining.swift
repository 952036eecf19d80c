public import Session

extension RunResult {
    /// A run of the command whose failures are what is broken at the end, as far as it is known.
    public struct Remaining: Sendable, Equatable {
        /// How the command ended.
        public let report: CommandReport
        /// The commit it ran on; nil for what was there before anything was done.
        public let commit: String?
    }

    /// What is still broken: the last run on a clean checkout if it failed, or the first run where there was no other.
    public var remaining: Remaining? {
        if let verification {
            return verification.report.isSuccess
                ? nil : Remaining(report: verification.report, commit: verification.commit)
        }
        guard let baseline, !baseline.isSuccess else { return nil }
        return Remaining(report: baseline, commit: nil)
    }

    /// Whether the last verification was one of the last commit.
    var isVerificationOfLast: Bool { verification != nil && verification?.commit == commit }

    /// What was found about the last verification, what decides first.
    var doubts: [Doubt] {
        let all = verification?.doubts ?? []
        return all.filter(\.isDecisive) + all.filter { !$0.isDecisive }
    }
}
