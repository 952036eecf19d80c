import CGit
import Glibc
import OS
public import Patching

extension GitRepository {
    /// Commits a change set to the checked-out branch, and writes it to disk and index, where everything else stays.
    ///
    /// Hooks are not run. Fails with `nothingChanged`, like `moveCheckout(from:to:why:)`, and with `uncommitted` when
    /// a deleted file is in no commit.
    ///
    /// - Parameter folder: The folder inside the working tree to which the paths are relative; empty for the root.
    public func commitToCheckout(
        _ changes: ChangeSet, in folder: String = "", message: CommitMessage, author: Signature,
        committer: Signature? = nil
    ) throws(RepositoryError) -> CommitID {
        let head = try head.commit
        _ = try movableHead(at: head)
        let base = try tree(of: head)
        let files = try CheckoutFiles(self)
        let prefix = folder.isEmpty ? "" : folder + "/"
        var edits: [TreeEdit] = []
        for change in changes.changes {
            let path = try TreePath(prefix + change.path)
            let source = try TreePath(prefix + (change.modeFrom ?? change.path))
            let old = try entry(at: source, in: base)
            guard let contents = change.contents else {
                guard old != nil else { throw RepositoryError.uncommitted([path.text], in: self) }
                edits.append(TreeEdit(path: path, action: .remove))
                continue
            }
            let mode = change.mode?.gitMode ?? old?.mode ?? 0o100644
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
    public func folder(of path: String) throws(RepositoryError) -> String {
        func real(_ path: String) throws(RepositoryError) -> String {
            guard let found = FilePath.resolved(path) else { throw systemError("find the folder \(path)") }
            return found
        }
        let (root, inner) = (try real(workingDirectory), try real(path))
        if root == inner { return "" }
        let prefix = root == "/" ? root : root + "/"
        guard inner.hasPrefix(prefix) else {
            throw RepositoryError(.forbiddenPath, "\(inner) is not inside the working tree \(root)")
        }
        return String(inner.dropFirst(prefix.count))
    }

    /// The tree of a commit; the empty tree before the first commit.
    func tree(of commit: CommitID?) throws(RepositoryError) -> TreeID {
        if let commit { return try treeID(of: commit) }
        return TreeID(try TreeEditor(repository: pointer).apply([], to: nil))
    }
}
