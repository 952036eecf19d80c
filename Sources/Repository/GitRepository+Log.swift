import CGit

/// One commit of a range.
public struct CommitSummary: Sendable, Hashable {
    /// Its name.
    public let id: CommitID
    /// The first line of its message.
    public let subject: String
}

extension GitRepository {
    /// The commits that are reachable from `new` and not from `old`, parents first.
    public func log(from old: CommitID?, to new: CommitID) throws(RepositoryError) -> [CommitSummary] {
        var made: OpaquePointer?
        try check(git_revwalk_new(&made, pointer), "walk the history")
        let walk = try unwrap(made, "walk")
        defer { git_revwalk_free(walk) }
        git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_REVERSE.rawValue)
        var id = new.oid
        try check(git_revwalk_push(walk, &id), "walk the history from \(new)")
        if var hidden = old?.oid { try check(git_revwalk_hide(walk, &hidden), "walk the history to \(hidden.hex)") }
        var commits = [CommitSummary]()
        while git_revwalk_next(&id, walk) == 0 {
            var commit: OpaquePointer?
            try check(git_commit_lookup(&commit, pointer, &id), "read the commit \(id.hex)")
            defer { git_commit_free(commit) }
            let subject = git_commit_summary(commit).map { String(cString: $0) } ?? ""
            commits.append(CommitSummary(id: CommitID(id), subject: subject))
        }
        return commits
    }
}
