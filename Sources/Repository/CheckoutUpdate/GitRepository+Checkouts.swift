import CGit
import Glibc
import OS

extension GitRepository {
    /// Replaces an index that libgit2 cannot read (split, sparse) by an empty one: attributes then come from files
    /// alone (git_repository_set_index).
    ///
    /// - Throws: `library` if that fails.
    public func doWithoutUnreadableIndex() throws(RepositoryError) {
        var index: OpaquePointer?
        if git_repository_index(&index, pointer) == 0 {
            git_index_free(index)
            return
        }
        try check(git_index_new(&index), "make an index")
        defer { git_index_free(index) }
        try check(git_repository_set_index(pointer, index), "set an index aside")
    }

    /// The root of the user's working tree in which a branch (short name) is checked out, or nil.
    ///
    /// - Throws: `system` if a file of git's cannot be read.
    public func checkout(of branch: String) throws(RepositoryError) -> String? {
        for (root, administration) in try checkouts() {
            guard let bytes = try Self.file("\(administration)/HEAD") else { continue }
            if bytes.elementsEqual("ref: refs/heads/\(branch)\n".utf8) { return root }
        }
        return nil
    }

    /// The name of an unfinished operation such as `merge`, during which HEAD must not be moved; nil if there is none
    /// (git_repository_state).
    public var unfinishedOperation: String? {
        switch git_repository_state_t(UInt32(max(0, git_repository_state(pointer)))) {
        case GIT_REPOSITORY_STATE_NONE: nil
        case GIT_REPOSITORY_STATE_MERGE: "merge"
        case GIT_REPOSITORY_STATE_REVERT, GIT_REPOSITORY_STATE_REVERT_SEQUENCE: "revert"
        case GIT_REPOSITORY_STATE_CHERRYPICK, GIT_REPOSITORY_STATE_CHERRYPICK_SEQUENCE: "cherry-pick"
        case GIT_REPOSITORY_STATE_BISECT: "bisect"
        case GIT_REPOSITORY_STATE_APPLY_MAILBOX: "git am"
        default: "rebase"
        }
    }

    /// The working trees that Graft has not made: their roots, and git's folders for them.
    private func checkouts() throws(RepositoryError) -> [(root: String, administration: String)] {
        var found = [(workingDirectory, gitDirectory)]
        if commonDirectory != gitDirectory, !isConfigured("core.bare", default: false) {
            let root = commonDirectory.hasSuffix("/.git") ? String(commonDirectory.dropLast(5)) : commonDirectory
            found.append((root, commonDirectory))
        }
        let worktrees = "\(commonDirectory)/worktrees"
        for name in FolderListing.names(in: worktrees).sorted() {
            guard let bytes = try Self.file("\(worktrees)/\(name)/gitdir"),
                access("\(worktrees)/\(name)/\(Self.mark)", F_OK) != 0
            else { continue }
            let link = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
            let root = link.hasSuffix("/.git") ? String(link.dropLast(5)) : link
            if access(root, F_OK) == 0 { found.append((root, "\(worktrees)/\(name)")) }
        }
        return found
    }
}
