import CGit
import Glibc

extension GitRepository {
    /// The paths that differ between disk and HEAD: untracked, ignored, modified or deleted files.
    ///
    /// - Parameters:
    ///   - paths: Paths of files, relative to the folder.
    ///   - folder: The folder inside the working tree; empty for the root.
    /// - Throws: `forbiddenPath` for a path outside, `unsupported` on a kernel without openat2(2).
    public func uncommitted(_ paths: [String], in folder: String = "") throws(RepositoryError) -> [String] {
        let tree = try tree(of: try head.commit)
        let files = try CheckoutFiles(self)
        let prefix = folder.isEmpty ? "" : folder + "/"
        var found: [String] = []
        for text in paths {
            let path = try TreePath(prefix + text)
            let isAsCommitted =
                if let entry = try entry(at: path, in: tree) {
                    try files.holds(path, oid: entry.oid, mode: entry.mode)
                } else {
                    try files.folder.state(of: path) == nil
                }
            if !isAsCommitted { found.append(text) }
        }
        return found
    }
}
