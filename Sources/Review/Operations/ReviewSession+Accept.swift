public import Repository
import Session
import Text
import Workspace

/// Which commits were accepted, and onto which branch.
public struct AcceptOutcome: Sendable {
    /// One commit of the series and what it is called on the user's branch.
    public struct Accepted: Sendable {
        /// The commit of the series.
        public let commit: ReviewedCommit
        /// The commit on the user's branch: the same one if it fits as it is.
        public let new: CommitID
        /// Whether its change was on the branch already, so that no commit was made.
        public let wasThere: Bool
    }

    /// The branch (short name); nil for a detached HEAD.
    public let branch: String?
    /// What was accepted, in the order of the series.
    public let commits: [Accepted]
    /// Where the branch was.
    public let before: CommitID
    /// Where it is.
    public let after: CommitID
}

extension ReviewSession {
    /// Puts commits onto the branch that is checked out in the user's checkout, all or none of them.
    ///
    /// A commit whose parent is the branch's tip keeps its id; others are merged three ways, in memory, before
    /// anything is touched. Then only the files that change are written, in the checkout and in the index: where one
    /// of them has uncommitted work, nothing happens.
    ///
    /// - Throws: `ReviewError` for commits that cannot be taken, with the places that do not fit; `RepositoryError` from git.
    @discardableResult
    public func accept(_ commits: [CommitID]) throws -> AcceptOutcome {
        try change { state in
            let chosen = try choose(commits)
            let head = try repository.head
            guard let tip = head.commit else {
                throw ReviewError(
                    .refused, "the branch that is checked out has no commit yet", nextStep: "make one first")
            }
            let name = try repository.movableHead(at: tip)
            guard name != reference else {
                throw ReviewError(
                    .refused, "\(branch) itself is checked out",
                    nextStep: "switch to the branch that is to have the commits")
            }
            let ids = chosen.map(\.id)
            let rewrite: SeriesRewrite
            switch try repository.rewrite(ids, onto: tip, edits: [:], committer: committer) {
            case .success(let result): rewrite = result
            case .failure(let conflict): throw refusal(conflict, chosen, head)
            }
            var record = ReviewRecord(
                number: state.nextNumber, operation: .accept, commits: ids, time: Self.now(),
                move: .init(name: name, before: tip, after: rewrite.commits.last ?? tip),
                checkout: repository.workingDirectory)
            var (accepted, last): ([AcceptOutcome.Accepted], CommitID) = ([], tip)
            for commit in chosen {
                let new = rewrite.replacements[commit.id] ?? [commit.id]
                last = new.last ?? last
                record.accepted[commit.id] = last
                accepted.append(.init(commit: commit, new: last, wasThere: new.isEmpty))
            }
            try self.record(record) {
                guard last != tip else { return }
                let what = chosen.count == 1 ? chosen[0].subject : "\(chosen.count) commits of \(branch)"
                try repository.moveCheckout(from: tip, to: last, why: "graft: accept \(what)")
            }
            return AcceptOutcome(branch: head.branchName, commits: accepted, before: tip, after: last)
        }
    }

    private func choose(_ commits: [CommitID]) throws -> [ReviewedCommit] {
        let series = try series()
        for id in commits {
            guard let commit = series.first(where: { $0.id == id }) else {
                throw ReviewError(.usage, "commit \(id.hex.prefix(10)) is no longer in the series")
            }
            if case .accepted(let new, let reference) = commit.state {
                let place = reference.hasPrefix("refs/heads/") ? String(reference.dropFirst(11)) : reference
                throw ReviewError(
                    .refused, "commit \(commit.number) has been accepted already, as \(new.hex.prefix(10)) on \(place)")
            }
        }
        let chosen = series.filter { commits.contains($0.id) }
        guard !chosen.isEmpty else { throw ReviewError(.refused, "there is nothing to accept") }
        return chosen
    }

    private func refusal(
        _ conflict: SeriesConflict, _ chosen: [ReviewedCommit], _ head: GitRepository.Head
    ) -> ReviewError {
        let number = chosen.first { $0.id == conflict.commit }?.number ?? 0
        let place = head.branchName ?? "HEAD"
        let reason =
            missingWork(conflict, place).map { "commit \(number) is made on top of \($0)" }
            ?? "commit \(number) does not fit onto \(place): \(conflict.places); nothing was changed"
        return ReviewError(.conflict, reason, conflict: conflict)
    }

    /// The user's work that the session took along and that is not on the branch, if that is what a conflict is about,
    /// and what to do.
    private func missingWork(_ conflict: SeriesConflict, _ place: String) -> String? {
        guard let base = summary.start.flatMap({ CommitID($0.base) }), base != start,
            let taken = try? repository.changedFiles(from: base, to: start)
        else { return nil }
        let paths = Set(taken.flatMap { [$0.path, $0.oldPath].compactMap { $0 } })
        let missing = conflict.files.map(\.path).filter(paths.contains)
        guard !missing.isEmpty else { return nil }
        // Files that cannot be compared count as missing.
        let here = (try? repository.uncommitted(missing)) ?? []
        let names = { (files: [BytePath]) in
            files.prefix(3).map(\.description).joined(separator: ", ")
                + (files.count > 3 ? " and \(files.count - 3) more" : "")
        }
        if !here.isEmpty {
            return "your work in \(names(here)), which you have uncommitted here; commit it first, and accept then"
        }
        return "work in \(names(missing)) that was uncommitted then and is not on \(place); bring it with: "
            + "git cherry-pick \(start.hex.prefix(10))"
    }
}

extension GitRepository.Head {
    /// The branch's short name; nil when HEAD is detached.
    var branchName: String? {
        switch self {
        case .branch(let name, _), .unborn(let name): name
        case .detached: nil
        }
    }
}
