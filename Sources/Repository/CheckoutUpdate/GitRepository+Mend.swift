import CGit
import Glibc
import OS
public import Text

extension GitRepository {
    /// Undoes an interrupted `moveCheckout(from:to:)`: files and index entries as in the new commit become those of the
    /// old one. HEAD must be at the old commit.
    ///
    /// Returns the paths that are as in neither: they are the user's, and stay.
    ///
    /// - Throws: `locked` while another process changes the index, `notFound` if a commit is missing, `system` if a
    ///   file cannot be written.
    public func mendCheckout(from old: CommitID, to new: CommitID) throws(RepositoryError) -> [BytePath] {
        let changes = try CheckoutChange.between(try treeID(of: old), try treeID(of: new), in: self)
        let index = try CachedIndex(usersOf: self)
        let files = try CheckoutFiles(self)
        try CheckoutUpdate.refuseLock(of: self)
        var (writes, mended, foreign): ([TreeWriter.Change], [CheckoutChange], [BytePath]) = ([], [], [])
        var known: [[UInt8]] = []
        for change in changes {
            let before = try change.old.map { side throws(RepositoryError) in
                try files.bytes(for: side, at: change.path)
            }
            let after = try change.new.map { side throws(RepositoryError) in
                try files.bytes(for: side, at: change.path)
            }
            let found = try files.content(of: change.path)
            known += [before, after].compactMap { $0 }
            if found != before, found != after {
                foreign.append(change.path.path)
                continue
            }
            mended.append(change)
            writes.append(TreeWriter.Change(path: change.path, contents: before, mode: change.old?.mode ?? 0))
        }
        let now = timespec.now
        let states = try TreeWriter(folder: files.folder).write(writes)
        for (change, state) in zip(mended, states) {
            guard let side = change.old else {
                if index.position(of: change.path.cString) != nil { try index.remove(change.path) }
                continue
            }
            try index.put(change.path, side.oid, mode: side.mode, state: state, verified: now)
        }
        try index.write()
        try removeStaged(known, in: files)
        return foreign
    }

    /// Removes leftover temporary files: new contents before their rename, and the second names of files to be
    /// replaced.
    private func removeStaged(_ contents: [[UInt8]], in files: CheckoutFiles) throws(RepositoryError) {
        for name in FolderListing.names(in: workingDirectory) where WriteLog.isTemporary(name) {
            let path = try TreePath(BytePath(name))
            guard let found = try files.content(of: path), contents.contains(where: { $0.starts(with: found) })
            else { continue }
            unlinkat(files.folder.descriptor, path.name, 0)
        }
    }
}
