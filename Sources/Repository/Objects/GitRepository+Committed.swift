import CGit
import Glibc
public import Text

extension GitRepository {
    /// The paths that differ between disk and HEAD: untracked, ignored, modified or deleted files.
    ///
    /// - Parameters:
    ///   - paths: Paths of files, relative to the folder.
    ///   - folder: The folder inside the working tree; empty for the root.
    /// - Throws: `forbiddenPath` for a path outside, `unsupported` on a kernel without openat2(2).
    public func uncommitted(_ paths: [BytePath], in folder: BytePath = "") throws(RepositoryError) -> [BytePath] {
        let tree = try tree(of: try head.commit)
        let files = try CheckoutFiles(self)
        var found: [BytePath] = []
        for text in paths {
            let path = try TreePath(folder.appending(text))
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
