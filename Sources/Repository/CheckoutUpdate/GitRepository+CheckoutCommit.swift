import CGit
import Glibc
public import Patching
public import Text

extension GitRepository {
    /// Commits a change set to the checked-out branch, and writes it to disk and index, where everything else stays.
    ///
    /// Hooks are not run. Fails with `nothingChanged`, like `moveCheckout(from:to:why:)`, and with `uncommitted` when
    /// a deleted file is in no commit.
    ///
    /// - Parameter folder: The folder inside the working tree to which the paths are relative; empty for the root.
    public func commitToCheckout(
        _ changes: ChangeSet, in folder: BytePath = "", message: CommitMessage, author: Signature,
        committer: Signature? = nil
    ) throws(RepositoryError) -> CommitID {
        let head = try head.commit
        _ = try movableHead(at: head)
        let base = try tree(of: head)
        let files = try CheckoutFiles(self)
        var edits: [TreeEdit] = []
        for change in changes.changes {
            let path = try TreePath(folder.appending(change.path))
            guard let contents = change.contents else {
                guard try entry(at: path, in: base) != nil else {
                    throw RepositoryError.uncommitted([path.path], in: self)
                }
                edits.append(TreeEdit(path: path, action: .remove))
                continue
            }
            let source = try change.modeFrom.map { source throws(RepositoryError) in
                try TreePath(folder.appending(source))
            }
            let mode = try mode(change.mode, ofFileAt: source ?? path, in: base)
            let blob = try mode == 0o120000 ? writeBlob(contents) : files.filters.blob(for: contents, at: path)
            edits.append(TreeEdit(path: path, action: .put(blob, mode: mode)))
        }
        let tree = TreeID(try TreeEditor(repository: pointer).apply(edits, to: base.oid))
        guard tree != base else {
            throw RepositoryError(.nothingChanged, "nothing to commit: the files are as they were")
        }
        let id = try writeCommit(tree: tree, parent: head, message: message, author: author, committer: committer)
        try moveCheckout(from: head, to: id, why: "commit: \(message.subject)")
        return id
    }

    /// The path of a folder relative to the working tree; empty for its root.
    ///
    /// - Throws: `forbiddenPath` if it is not inside, `system` if it is missing.
    public func folder(of path: String) throws(RepositoryError) -> BytePath {
        func real(_ path: String) throws(RepositoryError) -> BytePath {
            guard let found = realpath(path, nil) else { throw systemError("find the folder \(path)") }
            defer { free(found) }
            return BytePath(cString: found)
        }
        let (root, inner) = (try real(workingDirectory), try real(path))
        if root == inner { return "" }
        if root == "/" { return BytePath(bytes: inner.bytes.dropFirst()) }
        guard inner.isBelow(root) else {
            throw RepositoryError(.forbiddenPath, "\(inner) is not inside the working tree \(root)")
        }
        return BytePath(bytes: inner.bytes.dropFirst(root.bytes.count + 1))
    }

    /// The tree of a commit; the empty tree before the first commit.
    func tree(of commit: CommitID?) throws(RepositoryError) -> TreeID {
        if let commit { return try treeID(of: commit) }
        return TreeID(try TreeEditor(repository: pointer).apply([], to: nil))
    }
}
