import CGit

extension GitRepository {
    /// Applies edits to a chain of commits and writes the resulting commits; moves no reference.
    ///
    /// Authors and their dates are kept. A commit without an edit keeps its id as long as nothing below it changes; it
    /// is dropped if its change is there already.
    ///
    /// - Parameter commits: The chain; each commit is the first parent of the next one.
    /// - Throws: `notFound` for a squash without a commit before it and for unknown pieces, `unsupported` for merges,
    ///   `nothingChanged` for a split with an empty side.
    public func rewrite(
        _ commits: [CommitID], onto base: CommitID, edits: [CommitID: SeriesEdit], committer: Signature
    ) throws(RepositoryError) -> Result<SeriesRewrite, SeriesConflict> {
        var rewriter = SeriesRewriter(repository: self, base: base, committer: committer)
        for id in commits {
            if let files = try rewriter.add(try record(of: id), edits[id]) {
                return .failure(SeriesConflict(commit: id, files: files))
            }
        }
        return .success(rewriter.result(for: commits))
    }
}

/// Builds the new chain, commit by commit.
private struct SeriesRewriter {
    private struct Link {
        var commit: CommitRecord
        /// The old commits in it.
        var sources: Set<CommitID>
    }

    let repository: GitRepository
    let base: CommitID
    let committer: Signature
    private var links: [Link] = []

    init(repository: GitRepository, base: CommitID, committer: Signature) {
        self.repository = repository
        self.base = base
        self.committer = committer
    }

    private var tip: CommitID { links.last?.commit.id ?? base }

    /// Adds an edited commit; returns the conflicts if it does not apply.
    mutating func add(_ commit: CommitRecord, _ edit: SeriesEdit?) throws(RepositoryError) -> [FileConflict]? {
        guard commit.parents.count == 1 else {
            throw RepositoryError(
                .unsupported,
                "\(commit.id.hex.prefix(10)) is \(commit.parents.isEmpty ? "a root" : "a merge"); "
                    + "a series with one cannot be changed")
        }
        if edit == nil, commit.parents == [tip] {
            links.append(Link(commit: commit, sources: [commit.id]))
            return nil
        }
        let before = try repository.treeID(of: commit.parents[0])
        switch edit {
        case .drop:
            return nil
        case nil:
            return try append(commit, from: before, to: commit.tree, message: nil)
        case .reword(let message):
            return try append(commit, from: before, to: commit.tree, message: Array(message.utf8))
        case .squash(let message):
            return try squash(commit, from: before, message)
        case .split(let pieces, let message):
            let part = try self.part(pieces, of: commit, from: before)
            if let files = try append(commit, from: before, to: part, message: Array(message.utf8)) { return files }
            return try append(commit, from: part, to: commit.tree, message: nil)
        }
    }

    func result(for commits: [CommitID]) -> SeriesRewrite {
        var replacements: [CommitID: [CommitID]] = [:]
        for id in commits {
            let successors = links.filter { $0.sources.contains(id) }.map(\.commit.id)
            if successors != [id] { replacements[id] = successors }
        }
        return SeriesRewrite(commits: links.map(\.commit.id), replacements: replacements)
    }

    private mutating func append(
        _ commit: CommitRecord, from old: TreeID, to new: TreeID, message: [UInt8]?
    ) throws(RepositoryError) -> [FileConflict]? {
        let current = try repository.treeID(of: tip)
        switch try repository.pick(from: old, to: new, onto: current) {
        case .conflicts(let files): return files
        case .tree(let tree):
            // A commit that was empty before stays; one that has become empty is applied already.
            if tree == current, old != new { return nil }
            let id = try repository.writeCommit(
                tree: tree, parent: tip, message: message ?? commit.messageBytes,
                encoding: message == nil ? commit.encoding : nil, authorOf: commit.id, committer: committer)
            links.append(Link(commit: try repository.record(of: id), sources: [commit.id]))
            return nil
        }
    }

    private mutating func squash(
        _ commit: CommitRecord, from old: TreeID, _ message: String?
    ) throws(RepositoryError) -> [FileConflict]? {
        guard var link = links.popLast() else {
            throw RepositoryError(
                .notFound, "\(commit.id.hex.prefix(10)) is the first of the series: there is none before it to join")
        }
        switch try repository.pick(from: old, to: commit.tree, onto: link.commit.tree) {
        case .conflicts(let files): return files
        case .tree(let tree):
            let text = message ?? link.commit.parts.joined(with: commit.parts).text
            let id = try repository.writeCommit(
                tree: tree, parent: tip, message: Array(text.utf8), encoding: nil, authorOf: link.commit.id,
                committer: committer)
            link.commit = try repository.record(of: id)
            link.sources.insert(commit.id)
            links.append(link)
            return nil
        }
    }

    private func part(
        _ pieces: Set<Int>, of commit: CommitRecord, from old: TreeID
    ) throws(RepositoryError) -> TreeID {
        let diff = try repository.treeDiff(from: old, to: commit.tree)
        let known = Set(diff.pieces.map(\.id))
        if let unknown = pieces.subtracting(known).min() {
            let range = known.count == 1 ? "only piece 1" : "pieces 1 to \(known.count)"
            throw RepositoryError(
                .notFound, "\(commit.id.hex.prefix(10)) has no piece \(unknown); it has \(range)")
        }
        let part = try repository.tree(taking: pieces, of: diff)
        guard part != old, part != commit.tree else {
            let reason = known.count == 1 ? "it has only one" : "name at least one, and leave at least one"
            throw RepositoryError(
                .nothingChanged, "cannot split \(commit.id.hex.prefix(10)) by these pieces: \(reason)")
        }
        return part
    }
}

extension MessageParts {
    /// Joins two messages: both subjects and bodies, and the trailers of both.
    public func joined(with other: MessageParts) -> MessageParts {
        var parts = self
        parts.body = [body, other.subject, other.body].filter { !$0.isEmpty }.joined(separator: "\n\n")
        parts.add(other.trailers)
        return parts
    }
}
