import CGit
import Glibc
import Patching
import Text

extension WorkingTree {
    /// Brings the files of a commit into the tree that a process has not written any more because it died, and removes
    /// what it had laid ready.
    ///
    /// Files that are neither as before the commit nor as in it are left as they are: something has changed them since.
    ///
    /// - Parameter old: The last commit whose files are all in the tree; `head` or one before it.
    /// - Throws: `system` if a file cannot be written; otherwise as `commit`.
    public func finishCommit(since old: CommitID) throws(RepositoryError) {
        removeTemporaryFiles()
        guard old != head else { return }
        let diff = try repository.compare(
            try repository.treeID(of: old), try repository.treeID(of: head), findsRenames: false)
        defer { git_diff_free(diff) }
        var writes: [TreeWriter.Change] = []
        for position in 0..<git_diff_num_deltas(diff) {
            guard let delta = git_diff_get_delta(diff, position)?.pointee,
                let name = delta.new_file.path ?? delta.old_file.path
            else { continue }
            let path = TreePath(found: Array(UnsafeBufferPointer(start: name, count: strlen(name) + 1)))
            let before = delta.status == GIT_DELTA_ADDED ? nil : delta.old_file
            guard try isOnDisk(before, at: path) else { continue }
            if delta.status == GIT_DELTA_DELETED {
                writes.append(TreeWriter.Change(path: path, contents: nil, mode: 0o100644))
            } else if let entry = index.position(of: path.cString).flatMap(index.entry)?.pointee {
                let file = try filters.file(entry, at: path)
                writes.append(TreeWriter.Change(path: path, contents: file.bytes, mode: UInt16(entry.mode)))
            }
        }
        if !writes.isEmpty { try TreeWriter(folder: folder).write(writes) }
    }

    /// Whether the disk has this file of a commit, or none where the commit has none.
    private func isOnDisk(_ file: git_diff_file?, at path: TreePath) throws(RepositoryError) -> Bool {
        let state = try folder.state(of: path)
        guard let file else { return state == nil || state?.type == S_IFDIR }
        guard let state, state.type == S_IFREG || state.type == S_IFLNK,
            UInt32(state.gitMode(besides: UInt32(file.mode), isTrusted: trustsMode)) == UInt32(file.mode),
            let found = try folder.stored(at: path)
        else { return false }
        if found.isLink { return try repository.writeBlob(found.bytes).equals(file.id) }
        return try filters.blob(for: found.bytes, at: path, unless: file.id).equals(file.id)
    }

    private func removeTemporaryFiles() {
        for name in (try? folder.names(in: "")) ?? [] where WriteLog.isTemporary(name.text) {
            unlinkat(folder.descriptor, name.cString, 0)
        }
    }
}
