import JSON
import Repository
import Responses
import Workspace

/// The state that the log of a review adds up to.
struct ReviewState {
    /// The last operation, if it has begun and not ended.
    private(set) var unfinished: ReviewRecord?
    /// The operations that were not undone, oldest first; `undo` takes back the last.
    private(set) var stack: [ReviewRecord] = []
    /// The commands that were run on commits, by tree.
    private(set) var verifications: [TreeID: CommitVerification] = [:]
    private(set) var nextNumber = 1

    /// The accepted commits of the series, each with its commit on the user's branch and the branch.
    var accepted: [CommitID: (commit: CommitID, reference: String)] {
        var accepted: [CommitID: (commit: CommitID, reference: String)] = [:]
        for record in stack {
            for (old, new) in record.replaced {
                guard let value = accepted.removeValue(forKey: old) else { continue }
                for successor in new { accepted[successor] = value }
            }
            for (series, branch) in record.accepted { accepted[series] = (branch, record.move?.name ?? "") }
        }
        return accepted
    }

    mutating func add(_ line: JSON) {
        switch line["type"]?.string {
        case "operation":
            guard let record = ReviewRecord(line) else { return }
            unfinished = record
            nextNumber = max(nextNumber, record.number + 1)
        case "done":
            guard let record = unfinished, record.number == line["n"]?.int else { return }
            unfinished = nil
            if let number = record.undoes { stack.removeAll { $0.number == number } } else { stack.append(record) }
        case "failed":
            unfinished = nil
        case "verified":
            guard let result = CommitVerification(line) else { return }
            verifications[result.tree] = result
        default:
            break
        }
    }
}
