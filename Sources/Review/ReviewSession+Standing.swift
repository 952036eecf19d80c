import Evidence
import Repository
import Session

extension ReviewSession {
    /// The state of the session in words: the run's verdict, unless the series has changed since.
    public var standing: (text: String, isGood: Bool) {
        if summary.isRunning { return ("still at work", false) }
        guard let result = summary.result else { return ("killed before its end", false) }
        guard hasVerifiedFiles else { return ("\(result.verdict.rawValue), before the series was changed", false) }
        return (result.verdict.rawValue, result.verdict.exitCode == 0)
    }

    /// Whether the last commit has the files that the run verified; true if it verified none.
    private var hasVerifiedFiles: Bool {
        guard let verified = summary.result?.verification.flatMap({ CommitID($0.commit) }) else { return true }
        // Without a branch no series can have changed; a verified commit that is missing proves nothing.
        guard let now = try? repository.treeID(of: tip()) else { return true }
        return (try? repository.treeID(of: verified)) == now
    }
}
