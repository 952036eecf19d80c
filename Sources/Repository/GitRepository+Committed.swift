import CGit
import Glibc

extension GitRepository {
    /// The files that no commit has as they are on disk: untracked ones, ignored ones, and those that differ from what
    /// HEAD has there.
    ///
    /// - Parameters:
    ///   - paths: Paths of files, seen from the folder.
    ///   - folder: The folder inside the working tree that the paths start from; empty for the root.
    public func uncommitted(_ paths: [String], in folder: String = "") throws(RepositoryError) -> [String] {
        let tree = try tree(of: try head.commit)
        let files = try CheckoutFiles(self)
        let prefix = folder.isEmpty ? "" : folder + "/"
        var found: [String] = []
        for text in paths {
            let path = try TreePath(prefix + text)
            guard let entry = try entry(at: path, in: tree) else {
                found.append(text)
                continue
            }
            if try !files.holds(path, oid: entry.oid, mode: entry.mode) { found.append(text) }
        }
        return found
    }
}
