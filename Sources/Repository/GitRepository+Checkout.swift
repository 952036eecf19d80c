import CGit
import Glibc
public import Patching

extension GitRepository {
    /// Commits a change set to what is checked out, and puts it on disk and in the index, where everything else stays
    /// as it is.
    ///
    /// Hooks are not run. Objects are written first, then the files, the index and at last the branch (or a detached
    /// HEAD); after a failure all of them are as before. Fails with `uncommitted` when a file that changes is not as it
    /// is in HEAD, with `conflicts` or `unfinished` during a merge, rebase and the like, with `locked` while git is at
    /// work, and like `commit(_:onto:...)`.
    ///
    /// - Parameter folder: The folder inside the working tree that the paths start from; empty for the root.
    public func commitToCheckout(
        _ changes: ChangeSet, in folder: String = "", message: CommitMessage, author: Signature,
        committer: Signature? = nil
    ) throws(RepositoryError) -> CommitID {
        try refuseUnfinishedWork()
        let head = try head
        let checkout = try CheckoutFiles(
            self, base: try head.commit.map { id throws(RepositoryError) in try treeID(of: id) })
        let prefix = folder.isEmpty ? "" : folder + "/"
        var edits: [TreeEdit] = []
        var writes: [TreeWriter.Change] = []
        for change in changes.changes {
            let path = try TreePath(prefix + change.path)
            let source = try change.modeFrom.map { text throws(RepositoryError) in try TreePath(prefix + text) }
            let old = try checkout.requireCommitted(path)
            let origin = try source.map { path throws(RepositoryError) in try checkout.requireCommitted(path) } ?? old
            let mode = change.mode?.gitMode ?? origin?.mode ?? 0o100644
            writes.append(
                TreeWriter.Change(path: path, contents: change.contents, mode: mode, permissionsFrom: source))
            guard let contents = change.contents else {
                edits.append(TreeEdit(path: path, action: .remove))
                continue
            }
            let blob = try checkout.blob(contents, at: path, isLink: mode == 0o120000)
            edits.append(TreeEdit(path: path, action: .put(blob, mode: mode)))
        }
        let tree = TreeID(try TreeEditor(repository: pointer).apply(edits, to: checkout.base?.oid))
        guard tree != checkout.base else {
            throw RepositoryError(.nothingChanged, "nothing to commit: the files are as they were")
        }
        let id = try writeCommit(
            tree: tree, parent: head.commit, message: message, author: author, committer: committer)
        let now = timespec.now
        try TreeWriter(folder: checkout.folder).write(writes) { states throws(RepositoryError) in
            try checkout.note(edits, states, verified: now)
            do throws(RepositoryError) {
                try moveHead(head, to: id, why: "commit: \(message.subject)")
            } catch {
                // The branch is what counts; an index that cannot be put back shows as a staged change.
                try? checkout.takeBack(edits)
                throw error
            }
        }
        return id
    }

    /// Where a folder lies inside the working tree; empty for its root, `forbiddenPath` if it is not inside.
    public func folder(of path: String) throws(RepositoryError) -> String {
        func real(_ path: String) throws(RepositoryError) -> String {
            guard let found = realpath(path, nil) else { throw systemError("find the folder \(path)") }
            defer { free(found) }
            return String(cString: found)
        }
        let (root, inner) = (try real(workingDirectory), try real(path))
        if root == inner { return "" }
        let prefix = root == "/" ? root : root + "/"
        guard inner.hasPrefix(prefix) else {
            throw RepositoryError(.forbiddenPath, "\(inner) is not inside the working tree \(root)")
        }
        return String(inner.dropFirst(prefix.count))
    }

    private func refuseUnfinishedWork() throws(RepositoryError) {
        let state = git_repository_state(pointer)
        let what: String
        switch git_repository_state_t(UInt32(state)) {
        case GIT_REPOSITORY_STATE_NONE, GIT_REPOSITORY_STATE_BISECT: return
        case GIT_REPOSITORY_STATE_MERGE: what = "a merge"
        case GIT_REPOSITORY_STATE_REVERT, GIT_REPOSITORY_STATE_REVERT_SEQUENCE: what = "a revert"
        case GIT_REPOSITORY_STATE_CHERRYPICK, GIT_REPOSITORY_STATE_CHERRYPICK_SEQUENCE: what = "a cherry-pick"
        case GIT_REPOSITORY_STATE_APPLY_MAILBOX: what = "git am"
        default: what = "a rebase"
        }
        throw RepositoryError(.unfinished, "\(what) is going on in \(workingDirectory); finish or abort it first")
    }

    private func moveHead(_ head: Head, to new: CommitID, why: String) throws(RepositoryError) {
        let name =
            switch head {
            case .branch(let name, _), .unborn(let name): name.hasPrefix("refs/") ? name : "refs/heads/\(name)"
            case .detached: "HEAD"
            }
        var newOID = new.oid
        var made: OpaquePointer?
        defer { git_reference_free(made) }
        let result: Int32
        if var old = head.commit?.oid {
            result = git_reference_create_matching(&made, pointer, name, &newOID, 1, &old, why)
        } else {
            result = git_reference_create(&made, pointer, name, &newOID, 0, why)
        }
        try check(result, "move \(name) to \(new.hex.prefix(10))", next: "another process may be working on it")
    }
}
