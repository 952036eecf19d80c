public import Repository
import Text
import Workspace

/// The series before and after a change.
public struct SeriesOutcome: Sendable {
    /// Its commits before, oldest first.
    public let before: [CommitID]
    /// Its commits now.
    public let after: [CommitID]
    /// The commits that took the place of each one that is no longer in the series.
    public let replacements: [CommitID: [CommitID]]
}

extension ReviewSession {
    /// Takes commits out of the series; `undo` brings them back.
    ///
    /// - Throws: `ReviewError` for a series that does not fit without the commits; `RepositoryError` from git.
    @discardableResult
    public func drop(_ commits: [CommitID]) throws -> SeriesOutcome {
        try edit(.drop, commits) { _ in Dictionary(uniqueKeysWithValues: Set(commits).map { ($0, .drop) }) }
    }

    /// Gives a commit another message; its trailers stay unless `keepsTrailers` is false.
    ///
    /// - Throws: `ReviewError` for a message or a commit that cannot be used; `RepositoryError` from git.
    @discardableResult
    public func reword(_ commit: CommitID, message: String, keepsTrailers: Bool = true) throws -> SeriesOutcome {
        try edit(.reword, [commit]) { chain in
            let old = chain.first { $0.id == commit }?.parts.trailers ?? []
            return [commit: .reword(try Self.text(message, trailers: keepsTrailers ? old : []))]
        }
    }

    /// Joins a commit with the one before it. Without a message, that one's gets this one's appended.
    ///
    /// - Throws: `ReviewError` for the first commit, or one that cannot be changed; `RepositoryError` from git.
    @discardableResult
    public func squash(_ commit: CommitID, message: String? = nil) throws -> SeriesOutcome {
        try edit(.squash, [commit]) { chain in
            guard let index = chain.firstIndex(where: { $0.id == commit }), index > 0 else {
                throw ReviewError(.refused, "the first commit of the series has none before it to be joined with")
            }
            var trailers = chain[index - 1].parts
            trailers.add(chain[index].parts.trailers)
            return [commit: .squash(message: try message.map { try Self.text($0, trailers: trailers.trailers) })]
        }
    }

    /// Makes pieces of a commit (see `diff(of:)`) a commit of their own in front of it; the rest keeps the message.
    ///
    /// Without a message, the new one names its files.
    ///
    /// - Throws: `ReviewError` for a commit that cannot be changed; `RepositoryError` from git, and for pieces that cannot be
    ///   divided so.
    @discardableResult
    public func split(_ commit: CommitID, pieces: Set<Int>, message: String? = nil) throws -> SeriesOutcome {
        try edit(.split, [commit]) { chain in
            guard let record = chain.first(where: { $0.id == commit }), let parent = record.parents.first else {
                return [:]
            }
            let diff = try repository.treeDiff(from: try repository.treeID(of: parent), to: record.tree)
            let text = try Self.text(message ?? diff.summary(of: pieces), trailers: record.parts.trailers)
            return [commit: .split(pieces: pieces, message: text)]
        }
    }

    private func edit(
        _ operation: ReviewRecord.Operation, _ commits: [CommitID],
        _ edits: ([CommitRecord]) throws -> [CommitID: SeriesEdit]
    ) throws -> SeriesOutcome {
        try change { state in
            let chain = try chain()
            try requirePending(commits, in: chain, operation, state)
            try refuseCheckedOut()
            let before = chain.map(\.id)
            let result = try repository.rewrite(before, onto: start, edits: try edits(chain), committer: committer)
            switch result {
            case .failure(let conflict):
                let number = before.firstIndex(of: conflict.commit).map { "commit \($0 + 1)" } ?? "a later commit"
                throw ReviewError(
                    .conflict, "\(number) does not fit without that: \(conflict.places); nothing was changed",
                    conflict: conflict)
            case .success(let rewrite):
                let tip = before.last ?? start
                let move = ReviewRecord.Move(name: reference, before: tip, after: rewrite.commits.last ?? start)
                var record = ReviewRecord(
                    number: state.nextNumber, operation: operation, commits: commits, time: Self.now(), move: move)
                record.replaced = rewrite.replacements
                try self.record(record) {
                    try repository.moveReference(
                        reference, from: move.before, to: move.after, why: "graft: \(operation.rawValue)")
                }
                return SeriesOutcome(before: before, after: rewrite.commits, replacements: rewrite.replacements)
            }
        }
    }

    /// Refuses to change commits that have been accepted.
    private func requirePending(
        _ commits: [CommitID], in chain: [CommitRecord], _ operation: ReviewRecord.Operation, _ state: ReviewState
    ) throws {
        let accepted = state.accepted
        var named = commits
        if operation == .squash, let index = chain.firstIndex(where: { $0.id == commits.first }), index > 0 {
            named.append(chain[index - 1].id)
        }
        for id in named {
            guard let index = chain.firstIndex(where: { $0.id == id }) else {
                throw ReviewError(.usage, "commit \(id.hex.prefix(10)) is no longer in the series")
            }
            if let place = accepted[id] {
                throw ReviewError(
                    .refused, "commit \(index + 1) has been accepted as \(place.commit.hex.prefix(10))",
                    nextStep: "undo that first"
                )
            }
        }
    }

    private func refuseCheckedOut() throws {
        guard let place = try repository.checkout(of: branch) else { return }
        throw ReviewError(
            .refused, "the branch \(branch) is checked out in \(place)", nextStep: "switch to another one there first")
    }

    /// A message as git would store it, with these trailers behind it.
    private static func text(_ message: String, trailers: [CommitMessage.Trailer]) throws -> String {
        var parts = MessageParts(message)
        guard !parts.subject.isEmpty else { throw ReviewError(.usage, "the message is empty") }
        guard !message.utf8.contains(0) else { throw ReviewError(.usage, "the message contains a NUL byte") }
        parts.add(trailers)
        return parts.text
    }
}

extension TreeDiff {
    /// A subject that names the files that some pieces change.
    fileprivate func summary(of chosen: Set<Int>) -> String {
        let touched = Set(pieces.filter { chosen.contains($0.id) }.map(\.file)).sorted()
        guard let first = touched.first else { return "Change files" }
        let verb = touched.allSatisfy { files[$0].kind == .added } ? "Add" : "Change"
        return "\(verb) \(files[first].path)" + (touched.count > 1 ? " and \(touched.count - 1) more" : "")
    }
}

extension SeriesConflict {
    /// The files and lines of the conflicts, as part of a sentence.
    var places: String {
        let named = files.prefix(3).map { file in
            let lines = file.hunks.map { String($0.ours.line) }.joined(separator: ", ")
            switch file.kind {
            case .missing: return "\(file.path) is missing there"
            case .deleted: return "\(file.path) has changed and would be deleted"
            default: return lines.isEmpty ? "conflict in \(file.path)" : "conflict in \(file.path) at line \(lines)"
            }
        }
        return named.joined(separator: "; ") + (files.count > 3 ? "; and \(files.count - 3) more files" : "")
    }
}
