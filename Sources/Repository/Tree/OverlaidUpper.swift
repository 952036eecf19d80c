import CBeneath
import Glibc

/// The upper folder of an overlay that is not mounted.
struct OverlaidUpper {
    let upper: RootedFolder
    let lower: RootedFolder

    init(_ upper: String, of checkout: String) throws(RepositoryError) {
        self.init(try RootedFolder(upper), of: try RootedFolder(checkout))
    }

    init(_ upper: RootedFolder, of lower: RootedFolder) {
        (self.upper, self.lower) = (upper, lower)
    }

    /// Hides a file or a whole folder of the checkout.
    func takeAway(_ path: TreePath) throws(RepositoryError) {
        try makeFolders(above: path)
        try upper.withParent(of: path) { folder throws(RepositoryError) in
            guard folder >= 0, beneath_take_away(folder, path.name) == 0 || errno == EEXIST else {
                let number = errno
                let error = systemError("mark \"\(path)\" as taken away in \(upper.root)")
                let isRefused = [EPERM, EACCES, EINVAL, ENOSYS, EOPNOTSUPP].contains(number)
                throw isRefused
                    ? RepositoryError(
                        .unsupported, error.message, details: error.details, underlying: error.underlying)
                    : error
            }
        }
    }

    /// Makes the parent folders in the upper layer; a folder in both layers has the mode of the upper one.
    func makeFolders(above path: TreePath) throws(RepositoryError) {
        guard let folder = path.parent, try upper.state(of: folder) == nil else { return }
        try makeFolders(above: folder)
        // What is behind a link is not below it.
        let below = (try? lower.state(of: folder)) ?? nil
        let mode = below.flatMap { $0.type == S_IFDIR ? $0.st_mode : nil } ?? 0o755
        try upper.withParent(of: folder) { parent throws(RepositoryError) in
            guard parent >= 0, mkdirat(parent, folder.name, 0o700) == 0,
                fchmodat(parent, folder.name, mode & 0o7777, 0) == 0
            else { throw systemError("make the folder \"\(folder)\" in \(upper.root)") }
        }
    }
}
