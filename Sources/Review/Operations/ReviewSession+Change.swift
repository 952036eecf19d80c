import Glibc
import JSON
import OS
import Repository
import Responses
import Session
import Text
import Workspace

extension ReviewSession {
    /// Runs a change of the series alone: refused while the session runs or another change does; what a crash left is
    /// mended first.
    func change<T>(_ body: (ReviewState) throws -> T) throws -> T {
        // Checked for each change, because a view may have been open for hours.
        guard JournalFile(path: summary.folder.journal)?.isInUse != true else {
            throw ReviewError(.refused, "the session \(id) is still at work", nextStep: "wait for its end, or stop it")
        }
        return try log.locked {
            _ = try mendLocked()
            return try body(log.read())
        }
    }

    /// Writes down what is about to be done, does it, and writes down that it is done.
    ///
    /// The commits that the branch of the session is at are kept alive by a reference of this operation.
    func record(_ record: ReviewRecord, _ apply: () throws -> Void) throws {
        let keeper = "refs/graft/\(id)/review/\(record.number)"
        if let tip = try repository.target(of: reference) {
            let old = try repository.target(of: keeper)
            try repository.moveReference(keeper, from: old, to: tip, why: "graft: review")
        }
        try log.append("operation") { record.write(into: &$0) }
        do {
            try apply()
        } catch {
            // Where this cannot be written, the next command finds the operation unfinished and mends it.
            try? log.append("failed") { $0.member("n", record.number) }
            try? repository.deleteOwnReference(keeper)
            throw error
        }
        try log.append("done") { $0.member("n", record.number) }
    }

    /// Completes or undoes an operation that a crash interrupted; returns a sentence about it.
    ///
    /// Does nothing while another review or the session itself is at work.
    public func mend() -> String? {
        guard log.read().unfinished != nil, JournalFile(path: summary.folder.journal)?.isInUse != true else {
            return nil
        }
        do {
            return try log.locked { try mendLocked() }
        } catch let error as RepositoryError {
            return "an earlier command was interrupted, and cannot be taken back yet: \(error.description)"
        } catch {
            return nil  // A holder of the lock has not crashed, and the command itself reports other errors.
        }
    }

    private func mendLocked() throws -> String? {
        guard let record = log.read().unfinished else { return nil }
        let name = record.operation.rawValue
        func end(_ type: String) throws { try log.append(type) { $0.member("n", record.number) } }
        guard let move = record.move else {
            try end("done")
            return nil
        }
        let place = record.checkout.map(checkout) ?? repository
        let current = try place.map { try Self.position(of: move.name, in: $0) } ?? nil
        if current == move.after {
            try end("done")
            return nil
        }
        guard record.checkout != nil, let place else {
            try end("failed")
            return "an earlier \(name) was interrupted before it changed anything"
        }
        guard current == move.before, (try? place.movableHead(at: move.before)) == move.name else {
            try end("failed")
            return
                "an earlier \(name) was interrupted, and \(place.workingDirectory) has moved on since; see git status"
        }
        let foreign = try place.mendCheckout(from: move.before, to: move.after)
        try end("failed")
        let names = foreign.map(\.description).joined(separator: ", ")
        let rest = foreign.isEmpty ? "" : ", except for your own changes in \(names)"
        return "an earlier \(name) was interrupted; everything is as before it\(rest)"
    }

    /// The commit of a reference or a detached HEAD.
    static func position(of name: String, in repository: GitRepository) throws -> CommitID? {
        if name.hasPrefix("refs/") { return try repository.target(of: name) }
        guard case .detached(let commit) = try repository.head else { return nil }
        return commit
    }

    /// The checkout that an operation has changed; nil if it no longer exists.
    func checkout(at path: String) -> GitRepository? {
        if FilePath.isSame(path, repository.workingDirectory) { return repository }
        guard let other = try? GitRepository(discovering: path, environment: repository.commandEnvironment),
            other.isSame(as: repository)
        else { return nil }
        return other
    }

    static func now() -> Int { time(nil) }
}
