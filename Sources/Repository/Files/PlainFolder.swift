import Glibc
import OS
public import Patching
public import Text

/// A folder in which patches are applied, in a repository or not.
///
/// The kernel resolves every path below the folder, without symbolic links, so that nothing outside is read or written,
/// even if another process changes the folder at the same time.
public final class PlainFolder: PatchSource {
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
    /// - Throws: `PatchError.isDirectory(_:)` for a folder; `RepositoryError`: `notARegularFile` for a device,
    ///   `forbiddenPath` for a path that leads outside, through a link or into `.git`.
    public func file(at path: BytePath) throws -> StoredFile? { try folder.source(at: path) }

    /// The names in a folder; none if there is no such folder.
    ///
    /// - Throws: `RepositoryError` like ``file(at:)``, and `system` if it cannot be listed.
    public func names(in path: BytePath) throws -> [BytePath] { try folder.names(in: path) }

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
            let source = try change.modeFrom.map { source throws(RepositoryError) in try TreePath(source) } ?? path
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
    /// Reads what a patch is for; throws `PatchError.isDirectory(_:)` for a folder.
    func source(at path: BytePath) throws -> StoredFile? {
        do throws(RepositoryError) { return try stored(at: try TreePath(path)) } catch {
            // The patch engine explains a folder in the way.
            guard error.code == .notARegularFile, try state(of: try TreePath(path))?.type == S_IFDIR else {
                throw error
            }
            throw PatchError.isDirectory(path)
        }
    }

    /// The names in a folder, or in the root for the empty path; none if there is no such folder.
    func names(in path: BytePath) throws(RepositoryError) -> [BytePath] {
        let name = path.bytes.isEmpty ? [0] : try TreePath(path).cString
        let descriptor = open(name, O_RDONLY | O_DIRECTORY, links: .none)
        guard descriptor >= 0 else {
            if [ENOENT, ENOTDIR, ELOOP, EXDEV].contains(errno) { return [] }
            throw systemError("list \"\(path)\"")
        }
        defer { close(descriptor) }
        do throws(SystemError) {
            return try FolderListing.entries(of: descriptor).map { entry in
                BytePath(bytes: entry.name.dropLast().lazy.map { UInt8(bitPattern: $0) })
            }
        } catch {
            throw systemError("list \"\(path)\"", error.number)
        }
    }

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
