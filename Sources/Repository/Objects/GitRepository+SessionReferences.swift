import CGit
import Glibc
import OS

/// A reference and its commit.
public struct NamedReference: Sendable, Hashable {
    /// The full name, such as `refs/heads/main`.
    public let name: String
    /// The commit it points at.
    public let commit: CommitID
}

/// A commit that is reachable only from Graft's own references.
public struct UnsharedCommit: Sendable, Hashable {
    /// Its id.
    public let id: CommitID
    /// Its whole message.
    public let message: String
}

extension GitRepository {
    /// The references below `prefix`, which ends with a slash, and the reference of that name without the slash.
    ///
    /// - Throws: `library` if the references cannot be listed.
    public func references(below prefix: String) throws(RepositoryError) -> [NamedReference] {
        var found: [NamedReference] = []
        for name in try referenceNames() where name.hasPrefix(prefix) || name + "/" == prefix {
            var oid = git_oid()
            guard git_reference_name_to_id(&oid, pointer, name) == 0 else { continue }
            found.append(NamedReference(name: name, commit: CommitID(oid)))
        }
        return found.sorted { $0.name < $1.name }
    }

    /// Deletes one of Graft's own references if it is still at its commit.
    ///
    /// Does nothing if it does not exist.
    ///
    /// - Throws: `referenceMoved` if it was moved, `notOurs` for any other reference.
    public func deleteOwnReference(_ reference: NamedReference) throws(RepositoryError) {
        guard reference.name.hasPrefix("refs/graft/") || reference.name.hasPrefix("refs/heads/graft/") else {
            throw RepositoryError(.notOurs, "refused to delete \(reference.name), which is not Graft's")
        }
        var found: OpaquePointer?
        let result = git_reference_lookup(&found, pointer, reference.name)
        if result == GIT_ENOTFOUND.rawValue { return }
        try check(result, "find \(reference.name)")
        defer { git_reference_free(found) }
        guard let target = git_reference_target(found), CommitID(target.pointee) == reference.commit else {
            throw RepositoryError(.referenceMoved, "\(reference.name) has moved in the meantime; it stays")
        }
        // Also deletes the configuration of a branch, and refuses one that is checked out.
        let isBranch = git_reference_is_branch(found) == 1
        try check(isBranch ? git_branch_delete(found) : git_reference_delete(found), "delete \(reference.name)")
    }

    /// The folders in which a branch (short name) is checked out, or a rebase or bisection of it is in progress.
    ///
    /// Includes working trees that Graft has made.
    ///
    /// - Throws: `system` if a file of git's cannot be read.
    public func folders(on branch: String) throws(RepositoryError) -> [String] {
        let full = "refs/heads/\(branch)"
        func isOn(_ place: String) throws(RepositoryError) -> Bool {
            if try Self.firstLine("\(place)/HEAD") == "ref: \(full)" { return true }
            for name in ["rebase-merge/head-name", "rebase-apply/head-name"] {
                if try Self.firstLine("\(place)/\(name)") == full { return true }
            }
            return try Self.firstLine("\(place)/BISECT_START") == branch
        }
        var folders: [String] = []
        if try isOn(commonDirectory) {
            let suffix = "/.git"
            folders.append(
                commonDirectory.hasSuffix(suffix) ? String(commonDirectory.dropLast(suffix.count)) : commonDirectory)
        }
        for name in FolderListing.names(in: "\(commonDirectory)/worktrees").sorted() {
            let place = "\(commonDirectory)/worktrees/\(name)"
            guard try isOn(place) else { continue }
            let link = try Self.firstLine("\(place)/gitdir") ?? place
            folders.append(link.hasSuffix("/.git") ? String(link.dropLast("/.git".count)) : link)
        }
        return folders
    }

    /// Whether both are working trees of one repository.
    public func isSame(as other: GitRepository) -> Bool { FilePath.isSame(commonDirectory, other.commonDirectory) }

    /// The roots of the user's checkouts of this repository: the main one and the linked ones.
    ///
    /// - Throws: `system` if a file of git's cannot be read.
    public func workingTreeRoots() throws(RepositoryError) -> [String] {
        let own = try ownWorkingTrees()
        var roots = [workingDirectory]
        if commonDirectory.hasSuffix("/.git") { roots.append(String(commonDirectory.dropLast("/.git".count))) }
        for name in FolderListing.names(in: "\(commonDirectory)/worktrees") {
            let link = try Self.firstLine("\(commonDirectory)/worktrees/\(name)/gitdir") ?? ""
            let root = String(link.dropLast("/.git".count))
            if link.hasSuffix("/.git"), !own.containsPath(root), !roots.containsPath(root) { roots.append(root) }
        }
        return roots
    }

    /// The commits reachable from `tip`, but from no branch, tag, stash, remote or checked-out commit of the user's.
    ///
    /// - Throws: `notFound` if the commit is missing.
    public func unsharedCommits(at tip: CommitID) throws(RepositoryError) -> [UnsharedCommit] {
        try walk(to: tip) { walk throws(RepositoryError) in
            for name in try referenceNames()
            where !name.hasPrefix("refs/graft/") && !name.hasPrefix("refs/heads/graft/") {
                // A reference to another object has no history.
                _ = git_revwalk_hide_ref(walk, name)
            }
            for head in try detachedHeads() {
                var oid = head.oid
                _ = git_revwalk_hide(walk, &oid)
            }
        } reading: { commit, id in
            UnsharedCommit(id: id, message: git_commit_message(commit).map { String(cString: $0) } ?? "")
        }
    }

    /// The commits of a branch whose changes are not on the checked-out branch (git-cherry(1)).
    ///
    /// A cherry-picked commit is found by its change, since its id differs.
    ///
    /// - Throws: `gitCommand` if the `git` command fails or takes too long.
    public func commitsNotPicked(from branch: String) throws(RepositoryError) -> Set<CommitID> {
        let git = GitCommand(gitDirectory: gitDirectory, workTree: workingDirectory, environment: environment)
        let output = try git.run(["cherry", "HEAD", "refs/heads/\(branch)"])
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n")
        return Set(lines.filter { $0.hasPrefix("+ ") }.compactMap { CommitID(String($0.dropFirst(2))) })
    }

    private func referenceNames() throws(RepositoryError) -> [String] {
        var list = git_strarray()
        try check(git_reference_list(&list, pointer), "list the references of \(commonDirectory)")
        defer { git_strarray_dispose(&list) }
        return (0..<list.count).compactMap { list.strings[$0].map { String(cString: $0) } }
    }

    /// The commits of detached HEADs, without Graft's own checkouts.
    private func detachedHeads() throws(RepositoryError) -> [CommitID] {
        let own = try ownWorkingTrees()
        var heads = [try Self.firstLine("\(commonDirectory)/HEAD")]
        for name in FolderListing.names(in: "\(commonDirectory)/worktrees") {
            let place = "\(commonDirectory)/worktrees/\(name)"
            let link = try Self.firstLine("\(place)/gitdir") ?? ""
            if !own.containsPath(String(link.dropLast("/.git".count))) {
                heads.append(try Self.firstLine("\(place)/HEAD"))
            }
        }
        return heads.compactMap { $0.flatMap { CommitID($0) } }
    }

    private static func firstLine(_ path: String) throws(RepositoryError) -> String? {
        try file(path).map { String(decoding: $0.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self) }
    }
}
