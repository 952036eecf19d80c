import Configuration
import Repository
import Session
import Workspace

/// What the rules for CI say of a run before it begins.
struct RunPolicy: Sendable {
    /// Which attempt in a row this is; nil where nobody counts.
    let attempt: Int?
    /// The branch to watch; nil where nobody asked for it.
    let watch: BranchWatch?

    /// Holds the rules against a new run.
    ///
    /// - Throws: `RunEnding` with the verdict `skipped` for what the rules leave alone, and `budget` where the branch has
    ///   had its attempts; nothing has been made and no model been asked then.
    init(
        _ rules: CISettings, in repository: GitRepository, at base: CommitID, environment: [String: String]
    ) throws {
        let isNeeded = rules.skips != [] || rules.stopsIfMoved == true
        let change = isNeeded ? try TriggeringChange(environment) : nil
        if let reason = change?.skipReason(rules) {
            throw RunEnding(.skipped, "\(reason); the rules of [ci] leave it alone, and --no-skip does not")
        }
        attempt = try rules.attempts.map { limit in
            let count = AttemptCount(at: base, in: repository).count
            guard count >= limit else { return count + 1 }
            throw RunEnding(
                .budget,
                "the last commits are \(count == 1 ? "an attempt" : "\(count) attempts in a row") of Graft, as many as "
                    + "--attempt-limit \(limit) allows; a commit of a person begins the count anew")
        }
        watch = rules.stopsIfMoved == true ? try BranchWatch(change, in: repository, at: base) : nil
    }

    /// What a session that goes on has recorded.
    init(resuming start: RunStart?, in repository: GitRepository) {
        attempt = start?.choices?.attempt
        watch = BranchWatch(start?.upstream, in: repository)
    }
}
