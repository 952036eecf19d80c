import Glibc

/// The changes of a write so far, so that they can be undone: every deleted or replaced file keeps a second name in the
/// root until the end.
struct WriteLog {
    let folder: RootedFolder
    private var steps: [(path: TreePath, kept: [CChar]?)] = []

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
            guard errno == ENOENT else { throw systemError("delete \"\(path.text)\"") }
            return false
        }
        guard isThere else { return }
        steps.append((path, kept))
        removeEmptyFolders(above: path)
    }

    /// Moves a file of that name in the root to a path.
    mutating func install(_ name: [CChar], at path: TreePath) throws(RepositoryError) -> stat {
        let kept = Self.freshName()
        do throws(RepositoryError) {
            let (state, isKept) = try replace(path, with: name, keeping: kept)
            steps.append((path, isKept ? kept : nil))
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
            guard parent >= 0 else { throw systemError("write \"\(path.text)\"") }
            // A second name keeps the file in place all the time; on a file system without links it is moved.
            var isKept = linkat(parent, path.name, folder.descriptor, kept, 0) == 0
            if !isKept, errno != ENOENT { isKept = keepAside(path, in: parent, as: kept) }
            var state = stat()
            guard renameat(folder.descriptor, name, parent, path.name) == 0,
                fstatat(parent, path.name, &state, AT_SYMLINK_NOFOLLOW) == 0
            else {
                let error = systemError("write \"\(path.text)\"")
                if isKept {
                    renameat(folder.descriptor, kept, parent, path.name)
                    unlinkat(folder.descriptor, kept, 0)
                }
                throw error
            }
            return (state, isKept)
        }
    }

    /// Moves what is at a path out of the way; removes an empty folder.
    private func keepAside(_ path: TreePath, in parent: Int32, as kept: [CChar]) -> Bool {
        if unlinkat(parent, path.name, AT_REMOVEDIR) == 0 { return false }
        var state = stat()
        guard fstatat(parent, path.name, &state, AT_SYMLINK_NOFOLLOW) == 0, state.type != S_IFDIR else { return false }
        return renameat(parent, path.name, folder.descriptor, kept) == 0
    }

    /// Removes the kept files; the changes are final.
    func settle() {
        for case let (_, kept?) in steps { unlinkat(folder.descriptor, kept, 0) }
    }

    /// Restores everything as far as possible.
    mutating func rollBack() {
        for (path, kept) in steps.reversed() {
            // Only the first failure is reported.
            try? folder.withParent(of: path, making: true) { parent throws(RepositoryError) in
                if let kept {
                    // rename(2) keeps both names of one file.
                    if renameat(folder.descriptor, kept, parent, path.name) != 0 { return }
                    unlinkat(folder.descriptor, kept, 0)
                } else {
                    unlinkat(parent, path.name, 0)
                }
            }
            if kept == nil { removeEmptyFolders(above: path) }
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
