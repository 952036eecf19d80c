import CGit
import Glibc
public import Patching

extension WorkingTree {
    /// Writes a change set to disk, without a commit: exact bytes, one rename per file, modes kept.
    ///
    /// Missing folders are made, and folders that a deletion leaves empty are removed.
    ///
    /// - Throws: `forbiddenPath` for a path through a symbolic link or into `.git`, `inTheWay` for a folder in the place of a
    ///   file or the reverse, `system` if the system refuses; nothing is changed then.
    public func write(_ changes: ChangeSet) throws(RepositoryError) {
        let base = try repository.treeID(of: head)
        var writes = [TreeWriter.Change]()
        for change in changes.changes {
            let path = try TreePath(change.path)
            let mode = try repository.mode(of: change, at: path, in: base)
            writes.append(TreeWriter.Change(path: path, contents: change.contents, mode: mode))
        }
        _ = try TreeWriter(folder: folder).write(writes)
    }

    /// Commits a change set to the branch and writes it to disk.
    ///
    /// Objects and the new contents first, then the branch, if it is still at `head`, and then a rename a file: a failure
    /// leaves neither commit nor changed files. A process that dies before the branch has moved has changed nothing; one
    /// that dies after it leaves files that `finishCommit(since:)` brings to the commit. Line endings are converted in the commit by the repository's
    /// rules; the files get the exact bytes. Fails like `GitRepository.commit`.
    @discardableResult
    public func commit(
        _ changes: ChangeSet, message: CommitMessage, author: Signature, committer: Signature? = nil
    ) throws(RepositoryError) -> CommitID {
        let base = try repository.treeID(of: head)
        var edits = [TreeEdit]()
        var writes = [TreeWriter.Change]()
        for change in changes.changes {
            let path = try TreePath(change.path)
            try requireOutsideSubmodules(path)
            let mode = try repository.mode(of: change, at: path, in: base)
            writes.append(TreeWriter.Change(path: path, contents: change.contents, mode: mode))
            guard let contents = change.contents else {
                edits.append(TreeEdit(path: path, action: .remove))
                continue
            }
            let isLink = mode == 0o120000
            let blob = try isLink ? repository.writeBlob(contents) : filters.blob(for: contents, at: path)
            edits.append(TreeEdit(path: path, action: .put(blob, mode: mode)))
        }
        let tree = TreeID(try TreeEditor(repository: repository.pointer).apply(edits, to: base.oid))
        let id = try write(tree, over: base, message, author, committer)
        let now = timespec.now
        let states: [stat?]
        var hasMoved = false
        do throws(RepositoryError) {
            states = try TreeWriter(folder: folder).write(
                writes,
                opening: { () throws(RepositoryError) in
                    try repository.moveReference(reference, from: head, to: id, why: "graft: \(message.subject)")
                    hasMoved = true
                })
        } catch {
            if hasMoved { try repository.moveReference(reference, from: id, to: head, why: "graft: take a step back") }
            throw error
        }
        head = id
        try note(edits, states, verified: now)
        try adopt(id)
        return id
    }

    /// Commits what a scan has found; writes no files. Fails like `GitRepository.commit`.
    ///
    /// The scan must be later than the last commit.
    @discardableResult
    public func commit(
        _ found: FoundChanges, message: CommitMessage, author: Signature, committer: Signature? = nil
    ) throws(RepositoryError) -> CommitID {
        guard found.base == head else {
            throw RepositoryError(
                .referenceMoved, "the scan is older than the last commit", nextStep: "scan again")
        }
        let edits = found.findings.map(\.edit)
        let id = try write(found.tree, over: try repository.treeID(of: head), message, author, committer)
        try repository.moveReference(reference, from: head, to: id, why: "graft: \(message.subject)")
        head = id
        try note(edits, found.findings.map(\.blob?.state), verified: found.verified)
        try adopt(id)
        return id
    }

    /// Writes the commit of a tree, after checking that the branch has not moved.
    private func write(
        _ tree: TreeID, over base: TreeID, _ message: CommitMessage, _ author: Signature, _ committer: Signature?
    ) throws(RepositoryError) -> CommitID {
        guard tree != base else {
            throw RepositoryError(
                .nothingChanged, "nothing to commit: the files are as they were in \(head.hex.prefix(10))")
        }
        guard try repository.target(of: reference) == head else {
            throw RepositoryError(
                .referenceMoved, "\(reference) is no longer at \(head.hex.prefix(10)): another process has moved it")
        }
        return try repository.writeCommit(
            tree: tree, parent: head, message: message, author: author, committer: committer)
    }

    private func note(_ edits: [TreeEdit], _ states: [stat?], verified: timespec) throws(RepositoryError) {
        for edit in edits {
            if case .remove = edit.action { try index.remove(edit.path) }
        }
        for (edit, state) in zip(edits, states) {
            guard case .put(let oid, let mode) = edit.action else { continue }
            try index.put(edit.path, oid, mode: mode, state: state, verified: verified)
        }
        try overlaid?.note(edits, in: index)
    }
}

extension TreeScan.Finding {
    var edit: TreeEdit {
        TreeEdit(path: path, action: blob.map { .put($0.oid, mode: $0.mode) } ?? .remove)
    }
}
