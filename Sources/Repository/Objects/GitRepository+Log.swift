import CGit

/// One commit of a range.
public struct CommitSummary: Sendable, Hashable {
    /// Its id.
    public let id: CommitID
    /// The first line of its message.
    public let subject: String
}

extension GitRepository {
    /// The commits reachable from `new` and not from `old`, parents first.
    ///
    /// - Throws: `notFound` if a commit is missing.
    public func log(from old: CommitID?, to new: CommitID) throws(RepositoryError) -> [CommitSummary] {
        try walk(to: new) { walk throws(RepositoryError) in
            if var hidden = old?.oid { try check(git_revwalk_hide(walk, &hidden), "walk the history to \(hidden.hex)") }
        } reading: { commit, id in
            CommitSummary(id: id, subject: git_commit_summary(commit).map { String(cString: $0) } ?? "")
        }
    }

    /// Reads the commits reachable from one, parents first (git_revwalk_next).
    ///
    /// - Parameter hiding: Excludes commits and all that are reachable from them.
    func walk<Found>(
        to tip: CommitID, hiding: (OpaquePointer) throws(RepositoryError) -> Void,
        reading: (OpaquePointer?, CommitID) -> Found
    ) throws(RepositoryError) -> [Found] {
        var made: OpaquePointer?
        try check(git_revwalk_new(&made, pointer), "walk the history")
        let walk = try unwrap(made, "walk")
        defer { git_revwalk_free(walk) }
        git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_REVERSE.rawValue)
        var id = tip.oid
        try check(git_revwalk_push(walk, &id), "walk the history from \(tip)")
        try hiding(walk)
        var found: [Found] = []
        while git_revwalk_next(&id, walk) == 0 {
            var commit: OpaquePointer?
            try check(git_commit_lookup(&commit, pointer, &id), "read the commit \(id.hex)")
            defer { git_commit_free(commit) }
            found.append(reading(commit, CommitID(id)))
        }
        return found
    }
}
