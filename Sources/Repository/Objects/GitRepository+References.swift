import CGit

extension GitRepository {
    /// Makes a reference (full name) at a commit; fails with `alreadyExists`.
    public func createReference(_ name: String, at commit: CommitID) throws(RepositoryError) {
        try moveReference(name, from: nil, to: commit, why: "graft: start \(Self.short(name))")
    }

    /// Deletes a reference (full name) if it is still at a commit; fails with `referenceMoved` otherwise.
    public func deleteReference(_ name: String, at commit: CommitID) throws(RepositoryError) {
        var found: OpaquePointer?
        try check(git_reference_lookup(&found, pointer, name), "find \(Self.spoken(name))")
        defer { git_reference_free(found) }
        guard let target = git_reference_target(found), CommitID(target.pointee) == commit else {
            throw RepositoryError(.referenceMoved, "\(Self.spoken(name)) has moved; it is kept")
        }
        try check(git_reference_delete(found), "delete \(Self.spoken(name))")
    }

    /// Deletes a reference (full name) below `refs/graft/`; does nothing if it does not exist.
    ///
    /// - Throws: `notOurs` for any other reference, `locked` while another process changes it.
    public func deleteOwnReference(_ name: String) throws(RepositoryError) {
        guard name.hasPrefix("refs/graft/") else {
            throw RepositoryError(.notOurs, "refused to delete \(name): it is not Graft's own")
        }
        var found: OpaquePointer?
        let result = git_reference_lookup(&found, pointer, name)
        if result == GIT_ENOTFOUND.rawValue { return }
        try check(result, "find \(name)")
        defer { git_reference_free(found) }
        try check(git_reference_delete(found), "delete \(name)")
    }

    /// Moves a reference (full name) or a detached HEAD if it is still at the expected commit, and writes the reflog.
    ///
    /// - Parameter old: The expected commit; nil if the reference must not exist yet. Fails with `referenceMoved`.
    public func moveReference(
        _ name: String, from old: CommitID?, to new: CommitID, why: String
    ) throws(RepositoryError) {
        var (newOID, made): (git_oid, OpaquePointer?) = (new.oid, nil)
        defer { git_reference_free(made) }
        guard let old else {
            try check(git_reference_create(&made, pointer, name, &newOID, 0, why), "make \(Self.spoken(name))")
            return
        }
        var oldOID = old.oid
        let result = git_reference_create_matching(&made, pointer, name, &newOID, 1, &oldOID, why)
        let isGone = result == GIT_ENOTFOUND.rawValue
        try check(
            result, "move \(Self.spoken(name)) to \(new.hex.prefix(10))", next: "another process may be working on it",
            code: isGone ? .referenceMoved : nil)
    }

    /// Moves a branch (short name) that is not checked out; fails like `moveReference`, and with `checkedOut`.
    public func moveBranch(_ name: String, from old: CommitID, to new: CommitID, why: String) throws(RepositoryError) {
        if let place = try checkout(of: name) {
            throw RepositoryError(.checkedOut, "the branch \(name) is checked out in \(place)")
        }
        try moveReference("refs/heads/\(name)", from: old, to: new, why: why)
    }

    private static func short(_ name: String) -> String {
        name.hasPrefix("refs/heads/") ? String(name.dropFirst("refs/heads/".count)) : name
    }

    private static func spoken(_ name: String) -> String {
        name.hasPrefix("refs/heads/") ? "the branch \(short(name))" : name
    }
}
