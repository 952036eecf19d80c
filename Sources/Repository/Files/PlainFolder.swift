import Glibc
public import Patching

/// A folder in which patches are applied, in a repository or not.
///
/// The kernel resolves every path below the folder, without symbolic links, so that nothing outside is read or written,
/// even if another process changes the folder at the same time.
public final class PlainFolder {
    private let folder: RootedFolder

    /// Opens a folder.
    ///
    /// - Throws: `system` or `inTheWay` if it cannot be opened as a folder, `unsupported` on a kernel without
    ///   openat2(2).
    public init(_ path: String) throws(RepositoryError) {
        folder = try RootedFolder(path)
    }

    /// Reads the file at a path; nil if there is none.
    ///
    /// - Throws: `notARegularFile` for a folder or device, `forbiddenPath` for a path that leads outside, through a
    ///   link or into `.git`.
    public func read(_ path: String) throws(RepositoryError) -> StoredFile? {
        try folder.stored(at: try TreePath(path))
    }

    /// Writes a change set to disk: all of it or, after a failure, nothing. Files keep their modes.
    ///
    /// - Throws: `forbiddenPath` for a path that leads outside, through a link or into `.git`, `inTheWay` for a folder
    ///   in the place of a file or the reverse, `system` if the system refuses.
    public func write(_ changes: ChangeSet) throws(RepositoryError) {
        try TreeWriter(folder: folder).write(try writes(changes))
    }

    private func writes(_ changes: ChangeSet) throws(RepositoryError) -> [TreeWriter.Change] {
        var writes: [TreeWriter.Change] = []
        for change in changes.changes {
            let path = try TreePath(change.path)
            if change.mode == .link { try path.requireLinkable() }
            let source = try change.modeFrom.map { text throws(RepositoryError) in try TreePath(text) } ?? path
            let kept = change.mode == nil ? try folder.state(of: source)?.gitMode : nil
            writes.append(
                TreeWriter.Change(
                    path: path, contents: change.contents, mode: change.mode?.gitMode ?? kept ?? 0o100644,
                    permissionsFrom: change.modeFrom == nil ? nil : source))
        }
        return writes
    }
}

extension RootedFolder {
    /// Reads a regular file or a link, without following links.
    func stored(at path: TreePath) throws(RepositoryError) -> StoredFile? {
        guard let type = try state(of: path)?.type else { return nil }
        if type == S_IFLNK { return try readLink(path).map { StoredFile($0.bytes, isLink: true) } }
        return try read(path, links: .none).map { StoredFile($0.bytes) }
    }
}

extension FileMode {
    /// The mode as git writes it.
    var gitMode: UInt16 {
        switch self {
        case .regular: 0o100644
        case .executable: 0o100755
        case .link: 0o120000
        }
    }
}
