import CGit
import Text

extension GitRepository {
    /// Makes the tree after a difference in which some files are as before: changed ones changed back, deleted ones
    /// there again, new ones gone, moved ones at their old place only.
    ///
    /// Whatever else the difference puts where a file comes back, or above or below it, goes.
    ///
    /// - Throws: `library` if an object cannot be written.
    public func tree(restoring files: some Sequence<FileDiff>, of diff: TreeDiff) throws(RepositoryError) -> TreeID {
        var puts: [BytePath: TreeEntry] = [:]
        var gone: Set<BytePath> = []
        for file in files {
            if let old = file.old { puts[old.path.path] = old }
            if let new = file.new { gone.insert(new.path.path) }
        }
        let folders = Set(puts.keys.flatMap(\.parents))
        for case let path? in diff.files.map(\.new?.path.path)
        where folders.contains(path) || path.parents.contains(where: { puts[$0] != nil }) {
            gone.insert(path)
        }
        let edits =
            puts.values.map { TreeEdit(path: $0.path, action: .put($0.oid, mode: $0.mode)) }
            + gone.subtracting(puts.keys).map { TreeEdit(path: TreePath(found: $0.cString), action: .remove) }
        return TreeID(try TreeEditor(repository: pointer).apply(edits, to: diff.new.oid))
    }

    /// The bytes of a file before a change; nil if there was none, or no file with contents, such as a submodule.
    ///
    /// - Throws: `library` if they cannot be read.
    public func contents(before file: FileDiff) throws(RepositoryError) -> [UInt8]? { try contents(of: file.old) }

    /// The bytes of a file after a change; nil if there is none, or no file with contents, such as a submodule.
    ///
    /// - Throws: `library` if they cannot be read.
    public func contents(after file: FileDiff) throws(RepositoryError) -> [UInt8]? { try contents(of: file.new) }

    private func contents(of entry: TreeEntry?) throws(RepositoryError) -> [UInt8]? {
        guard let entry, entry.mode != 0o160000 else { return nil }
        return try contents(of: entry.oid, "\"\(entry.path)\"")
    }
}
