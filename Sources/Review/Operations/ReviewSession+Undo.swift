import Repository
public import Workspace

extension ReviewSession {
    /// Takes back the last operation that was not taken back yet; returns it.
    ///
    /// An accept is taken back only if its branch is still at the commit it made and its files have no uncommitted work.
    ///
    /// - Throws: `ReviewError` for nothing to take back, or what was changed since; `RepositoryError` from git.
    @discardableResult
    public func undo() throws -> ReviewRecord {
        try change { state in
            guard let last = state.stack.last else { throw ReviewError(.refused, "there is nothing to undo") }
            var record = ReviewRecord(
                number: state.nextNumber, operation: .undo, commits: last.commits, time: Self.now(), undoes: last.number
            )
            if let move = last.move {
                record.move = .init(name: move.name, before: move.after, after: move.before)
            }
            if last.operation == .accept {
                try undoAccept(last, record)
            } else {
                try undoEdit(last, record)
            }
            return last
        }
    }

    private func undoEdit(_ last: ReviewRecord, _ record: ReviewRecord) throws {
        guard let move = record.move else { return }
        guard try repository.target(of: move.name) == move.before else {
            throw ReviewError(
                .refused,
                "\(branch) has moved since the \(last.operation.rawValue)",
                nextStep: "what it was is \(move.after.hex.prefix(10)), see git reflog \(branch)")
        }
        if let place = try repository.checkout(of: branch) {
            throw ReviewError(
                .refused, "the branch \(branch) is checked out in \(place)",
                nextStep: "switch to another one there first")
        }
        try self.record(record) {
            try repository.moveReference(move.name, from: move.before, to: move.after, why: "graft: undo")
        }
    }

    private func undoAccept(_ last: ReviewRecord, _ record: ReviewRecord) throws {
        guard let move = record.move, move.before != move.after else {
            return try self.record(record) {}
        }
        let place = try undoPlace(last, move)
        let current = try Self.position(of: move.name, in: place ?? repository)
        guard current == move.before else {
            let name = move.name.hasPrefix("refs/heads/") ? String(move.name.dropFirst(11)) : "HEAD"
            if current == nil { throw ReviewError(.refused, "\(name) is gone: there is nothing to take back there") }
            let commits = last.commits.compactMap { last.accepted[$0]?.hex.prefix(10) }.reversed()
            throw ReviewError(
                .refused,
                "\(name) has moved on since",
                nextStep: "take it back there with: git revert "
                    + commits.joined(separator: " "))
        }
        var record = record
        record.checkout = place?.workingDirectory
        try self.record(record) {
            let why = "graft: undo accept"
            if let place {
                try place.moveCheckout(from: move.before, to: move.after, why: why)
            } else {
                try repository.moveReference(move.name, from: move.before, to: move.after, why: why)
            }
        }
    }

    /// The checkout whose files go back with the branch; nil if the branch is checked out nowhere.
    private func undoPlace(_ last: ReviewRecord, _ move: ReviewRecord.Move) throws -> GitRepository? {
        guard move.name.hasPrefix("refs/heads/") else {
            guard let place = last.checkout.flatMap(checkout) else {
                throw ReviewError(.refused, "the checkout \(last.checkout ?? "") that was changed is gone")
            }
            return place
        }
        guard let root = try repository.checkout(of: String(move.name.dropFirst(11))) else { return nil }
        guard let place = checkout(at: root) else {
            throw ReviewError(.refused, "cannot open \(root), where \(move.name.dropFirst(11)) is checked out")
        }
        return place
    }
}
