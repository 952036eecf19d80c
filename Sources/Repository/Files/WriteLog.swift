import Glibc

/// The changes of a write so far, so that they can be undone: every deleted or replaced file keeps a second name in the
/// root until the end.
struct WriteLog {
    let folder: RootedFolder
    private var steps: [Step] = []

    private enum Step {
        /// A file was taken away or put in place; what was there before has a second name.
        case file(TreePath, kept: [CChar]?)
        /// An empty folder was removed.
        case folder(TreePath, mode: mode_t)
    }

    init(folder: RootedFolder) {
        self.folder = folder
    }

    private static let prefix = ".graft-"

    /// A new name for a temporary file in the root.
    static func freshName() -> [CChar] {
        (prefix + String(UInt64.random(in: 0 ... .max), radix: 36)).utf8CString.map { $0 }
    }

    /// Whether a name is that of a temporary file.
    static func isTemporary(_ name: String) -> Bool {
        guard name.hasPrefix(prefix) else { return false }
        let digits = name.dropFirst(prefix.count).utf8
        return (8...13).contains(digits.count) && digits.allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x7A ~= $0 }
    }

    /// Removes a file, if it exists, and the folders that are empty then.
    mutating func takeAway(_ path: TreePath) throws(RepositoryError) {
        let kept = Self.freshName()
        let isThere = try folder.withParent(of: path) { parent throws(RepositoryError) in
            guard parent >= 0 else { return false }
            if renameat(parent, path.name, folder.descriptor, kept) == 0 { return true }
            guard errno == ENOENT else { throw systemError("delete \"\(path)\"") }
            return false
        }
        guard isThere else { return }
        steps.append(.file(path, kept: kept))
        var above = path.parent
        while let candidate = above, try removeFolder(candidate) { above = candidate.parent }
    }

    /// Removes the empty folders at a path, in which nothing may be but such folders.
    mutating func clear(_ path: TreePath) throws(RepositoryError) {
        guard try folder.state(of: path)?.type == S_IFDIR else { return }
        for name in try folder.names(in: path.path) {
            try clear(TreePath(found: path.cString.dropLast() + [CChar(UInt8(ascii: "/"))] + name.cString))
        }
        // One that is not empty any more stays, and putting a file there fails.
        _ = try removeFolder(path)
    }

    /// Removes a folder if it is empty.
    private mutating func removeFolder(_ path: TreePath) throws(RepositoryError) -> Bool {
        let removed = try folder.withParent(of: path) { parent throws(RepositoryError) -> mode_t? in
            var state = stat()
            guard parent >= 0, fstatat(parent, path.name, &state, AT_SYMLINK_NOFOLLOW) == 0,
                unlinkat(parent, path.name, AT_REMOVEDIR) == 0
            else { return nil }
            return state.st_mode & 0o7777
        }
        if let mode = removed { steps.append(.folder(path, mode: mode)) }
        return removed != nil
    }

    /// Moves a file of that name in the root to a path.
    mutating func install(_ name: [CChar], at path: TreePath) throws(RepositoryError) -> stat {
        let kept = Self.freshName()
        do throws(RepositoryError) {
            let (state, isKept) = try replace(path, with: name, keeping: kept)
            steps.append(.file(path, kept: isKept ? kept : nil))
            return state
        } catch {
            removeEmptyFolders(above: path)
            throw error
        }
    }

    private func replace(
        _ path: TreePath, with name: [CChar], keeping kept: [CChar]
    ) throws(RepositoryError) -> (stat, isKept: Bool) {
        try folder.withParent(of: path, making: true) { parent throws(RepositoryError) in
            guard parent >= 0 else { throw systemError("write \"\(path)\"") }
            // A second name keeps the file in place all the time; on a file system without links it is moved.
            var isKept = linkat(parent, path.name, folder.descriptor, kept, 0) == 0
            if !isKept, errno != ENOENT { isKept = keepAside(path, in: parent, as: kept) }
            var state = stat()
            guard renameat(folder.descriptor, name, parent, path.name) == 0,
                fstatat(parent, path.name, &state, AT_SYMLINK_NOFOLLOW) == 0
            else {
                let error = systemError("write \"\(path)\"")
                if isKept {
                    renameat(folder.descriptor, kept, parent, path.name)
                    unlinkat(folder.descriptor, kept, 0)
                }
                throw error
            }
            return (state, isKept)
        }
    }

    /// Moves what is at a path out of the way, unless it is a folder.
    private func keepAside(_ path: TreePath, in parent: Int32, as kept: [CChar]) -> Bool {
        var state = stat()
        guard fstatat(parent, path.name, &state, AT_SYMLINK_NOFOLLOW) == 0, state.type != S_IFDIR else { return false }
        return renameat(parent, path.name, folder.descriptor, kept) == 0
    }

    /// Removes the kept files; the changes are final.
    func settle() {
        for case .file(_, let kept?) in steps { unlinkat(folder.descriptor, kept, 0) }
    }

    /// Restores everything as far as possible.
    mutating func rollBack() {
        // Only the first failure is reported.
        for step in steps.reversed() {
            switch step {
            case .folder(let path, let mode):
                try? folder.withParent(of: path, making: true) { parent throws(RepositoryError) in
                    if mkdirat(parent, path.name, 0o700) == 0 { fchmodat(parent, path.name, mode, 0) }
                }
            case .file(let path, let kept?):
                try? folder.withParent(of: path, making: true) { parent throws(RepositoryError) in
                    // rename(2) keeps both names of one file.
                    if renameat(folder.descriptor, kept, parent, path.name) != 0 { return }
                    unlinkat(folder.descriptor, kept, 0)
                }
            case .file(let path, nil):
                try? folder.withParent(of: path) { parent throws(RepositoryError) in
                    _ = unlinkat(parent, path.name, 0)
                }
                removeEmptyFolders(above: path)
            }
        }
        steps = []
    }

    private func removeEmptyFolders(above path: TreePath) {
        var empty = path.parent
        while let candidate = empty {
            // A folder that is not empty stays.
            let isRemoved = try? folder.withParent(of: candidate) { parent throws(RepositoryError) in
                parent >= 0 && unlinkat(parent, candidate.name, AT_REMOVEDIR) == 0
            }
            guard isRemoved == true else { return }
            empty = candidate.parent
        }
    }
}
