import Agent
import Glibc
import Repository
import Responses

extension ReviewSession {
    /// Runs a change of the review: not while the session is at work, not beside another one, and after what a crash
    /// has left is mended.
    func change<T>(_ body: (ReviewState) throws -> T) throws -> T {
        // Asked anew each time: a view may have been open for hours.
        guard JournalFile(path: summary.folder.journal)?.isInUse != true else {
            throw ReviewError(.refused, "the session \(id) is still at work; wait for its end, or stop it")
        }
        return try log.locked {
            try mend()
            return try body(log.read())
        }
    }

    /// Writes down what is about to be done, does it, and writes down that it is done.
    ///
    /// The commits that the branch of the session is at are kept alive by a reference of this operation.
    func record(_ record: ReviewRecord, _ apply: () throws -> Void) throws {
        if let tip = try repository.target(of: reference) {
            let keeper = "refs/graft/\(id)/review/\(record.number)"
            let old = try repository.target(of: keeper)
            try repository.moveReference(keeper, from: old, to: tip, why: "graft: review")
        }
        try log.append("operation") { record.write(into: &$0) }
        do {
            try apply()
        } catch {
            // What cannot be written now, the next command finds out by itself.
            try? log.append("failed") { $0.member("n", record.number) }
            throw error
        }
        try log.append("done") { $0.member("n", record.number) }
    }

    /// Brings an operation that a crash has cut short to one of its two ends.
    private func mend() throws {
        guard let record = log.read().unfinished else { return }
        let isDone: Bool
        if let move = record.move {
            let place = record.checkout.map(checkout) ?? repository
            let current = try place.map { try Self.position(of: move.name, in: $0) } ?? nil
            isDone = current == move.after
            if !isDone, record.checkout != nil, let place, try place.movableHead(at: move.before) == move.name {
                let foreign = try place.mendCheckout(from: move.before, to: move.after)
                guard foreign.isEmpty else {
                    try log.append("failed") { $0.member("n", record.number) }
                    throw ReviewError(
                        .refused,
                        "an earlier \(record.operation.rawValue) was interrupted and is taken back; "
                            + "look at \(foreign.joined(separator: ", ")) with git status, then try again")
                }
            }
        } else {
            isDone = true
        }
        try log.append(isDone ? "done" : "failed") { $0.member("n", record.number) }
    }

    /// Where a reference or a detached HEAD is.
    static func position(of name: String, in repository: GitRepository) throws -> CommitID? {
        if name.hasPrefix("refs/") { return try repository.target(of: name) }
        guard case .detached(let commit) = try repository.head else { return nil }
        return commit
    }

    /// The checkout that an operation has changed; nil if it is not there any more.
    func checkout(at path: String) -> GitRepository? {
        if path == repository.workingDirectory { return repository }
        guard let other = try? GitRepository(discovering: path, environment: repository.commandEnvironment),
            other.commonDirectory == repository.commonDirectory
        else { return nil }
        return other
    }

    static func now() -> Int { time(nil) }
}
