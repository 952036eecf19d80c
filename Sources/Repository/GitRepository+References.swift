import CGit

extension GitRepository {
    /// Makes a reference (full name) at a commit; `alreadyExists` when there is one of that name.
    public func createReference(_ name: String, at commit: CommitID) throws(RepositoryError) {
        var oid = commit.oid
        var made: OpaquePointer?
        defer { git_reference_free(made) }
        try check(
            git_reference_create(&made, pointer, name, &oid, 0, "graft: start \(Self.short(name))"),
            "make \(Self.spoken(name))")
    }

    /// Deletes a reference (full name) if it is still at a commit; fails with `referenceMoved` if it is not.
    public func deleteReference(_ name: String, at commit: CommitID) throws(RepositoryError) {
        var found: OpaquePointer?
        try check(git_reference_lookup(&found, pointer, name), "find \(Self.spoken(name))")
        defer { git_reference_free(found) }
        guard let target = git_reference_target(found), CommitID(target.pointee) == commit else {
            throw RepositoryError(.referenceMoved, "\(Self.spoken(name)) has moved; it is kept")
        }
        try check(git_reference_delete(found), "delete \(Self.spoken(name))")
    }

    /// Moves a reference (full name) from one commit to another; fails with `referenceMoved` unless it is where it
    /// is expected (git_reference_create_matching), and with `checkedOut` if HEAD names it.
    public func moveReference(
        _ name: String, from old: CommitID, to new: CommitID, why: String
    ) throws(RepositoryError) {
        if case .branch(let branch, _) = try head, name == "refs/heads/\(branch)" {
            throw RepositoryError(.checkedOut, "\(Self.spoken(name)) is checked out in \(workingDirectory)")
        }
        try move(name, from: old, to: new, why: why)
    }

    private static func short(_ name: String) -> String {
        name.hasPrefix("refs/heads/") ? String(name.dropFirst("refs/heads/".count)) : name
    }

    private static func spoken(_ name: String) -> String {
        name.hasPrefix("refs/heads/") ? "the branch \(short(name))" : name
    }
}
