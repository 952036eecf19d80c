import Glibc
import OS

/// Writes files to disk, all or none: new contents are written to temporary files, each file changes in one rename, and
/// the old files are kept until the end, to be restored after a failure.
///
/// No link is followed, so that every path is written where git reads it.
struct TreeWriter {
    /// The change of one path.
    struct Change {
        let path: TreePath
        /// The new bytes (the target of a link); nil to delete.
        let contents: [UInt8]?
        /// The mode in git.
        let mode: UInt16
        /// The file with the permissions to copy, if not the replaced one.
        var permissionsFrom: TreePath?
    }

    let folder: RootedFolder

    /// Makes the changes; returns the state of each file written, in the order of the changes.
    ///
    /// - Parameters:
    ///   - closing: Called when all files are in place; if it throws, the old files are restored.
    ///   - opening: Called when all contents are on the disk and nothing is changed yet; if it throws, nothing is.
    @discardableResult
    func write(
        _ changes: [Change], closing: ([stat?]) throws(RepositoryError) -> Void = { _ in },
        opening: () throws(RepositoryError) -> Void = {}
    ) throws(RepositoryError) -> [stat?] {
        let deleted = Set(changes.lazy.filter { $0.contents == nil }.map(\.path))
        var folders: Set<TreePath> = []
        for change in changes where try replacesFolder(change, deleted) { folders.insert(change.path) }
        var staged: [[CChar]?] = []
        defer { for case let name? in staged { unlinkat(folder.descriptor, name, 0) } }
        for change in changes { staged.append(try stage(change)) }
        try opening()
        var log = WriteLog(folder: folder)
        do throws(RepositoryError) {
            for change in changes where change.contents == nil { try log.takeAway(change.path) }
            var states: [stat?] = []
            for (position, change) in changes.enumerated() {
                guard let name = staged[position] else {
                    states.append(nil)
                    continue
                }
                if folders.contains(change.path) { try log.clear(change.path) }
                states.append(try log.install(name, at: change.path))
                staged[position] = nil
            }
            try closing(states)
            log.settle()
            return states
        } catch {
            log.rollBack()
            throw error
        }
    }

    /// Whether a folder gives way to the file, and refuses what else is in the way.
    private func replacesFolder(_ change: Change, _ deleted: Set<TreePath>) throws(RepositoryError) -> Bool {
        var ancestors: [TreePath] = []
        while let parent = (ancestors.last ?? change.path).parent { ancestors.append(parent) }
        for ancestor in ancestors.reversed() {
            guard let type = try folder.state(of: ancestor)?.type, !deleted.contains(ancestor) else {
                return false
            }
            if type == S_IFDIR { continue }
            let reason =
                type == S_IFLNK
                ? "\"\(ancestor)\" is a symbolic link; name the file itself"
                : "\"\(ancestor)\" is not a folder"
            throw RepositoryError(
                type == S_IFLNK ? .forbiddenPath : .inTheWay, "refused to write \"\(change.path)\": \(reason)")
        }
        guard try folder.state(of: change.path)?.type == S_IFDIR else { return false }
        let rest =
            change.contents == nil ? change.path : try folder.firstFile(below: change.path) { !deleted.contains($0) }
        if let rest {
            throw RepositoryError(
                .inTheWay, "refused to change the file \"\(change.path)\": it is a folder (with \"\(rest)\")")
        }
        return true
    }

    /// Writes the new content to a temporary file in the root; nil for a deletion.
    private func stage(_ change: Change) throws(RepositoryError) -> [CChar]? {
        guard let contents = change.contents else { return nil }
        let name = WriteLog.freshName()
        if change.mode == 0o120000 {
            guard symlinkat(contents.map { CChar(bitPattern: $0) } + [0], folder.descriptor, name) == 0 else {
                throw systemError("make the link \"\(change.path)\"")
            }
            return name
        }
        let isExecutable = change.mode == 0o100755
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let file = openat(folder.descriptor, name, flags, isExecutable ? 0o777 : 0o666)
        guard file >= 0 else { throw systemError("write \"\(change.path)\"") }
        defer { close(file) }
        do throws(RepositoryError) {
            if let state = try folder.state(of: change.permissionsFrom ?? change.path), state.type == S_IFREG {
                let readable = (state.st_mode & 0o444) >> 2
                let mode = isExecutable ? state.st_mode | readable : state.st_mode & ~0o111
                let isRight = (state.st_mode & 0o100 != 0) == isExecutable
                guard fchmod(file, (isRight ? state.st_mode : mode) & 0o7777) == 0 else {
                    throw systemError("keep the mode of \"\(change.path)\"")
                }
            }
            do throws(SystemError) { try FileContent.write(contents, to: file) } catch {
                throw systemError("write \"\(change.path)\"", error.number)
            }
        } catch {
            unlinkat(folder.descriptor, name, 0)
            throw error
        }
        return name
    }
}

extension stat {
    /// The type of file.
    var type: mode_t { st_mode & S_IFMT }
}

extension RootedFolder {
    /// Finds a file below a folder that satisfies a condition; folders are not tested.
    func firstFile(below path: TreePath, where fits: (TreePath) -> Bool) throws(RepositoryError) -> TreePath? {
        let descriptor = open(path.cString, O_RDONLY | O_DIRECTORY, links: .none)
        guard descriptor >= 0 else { throw systemError("list \"\(path)\"") }
        defer { close(descriptor) }
        let entries: [FolderEntry]
        do throws(SystemError) { entries = try FolderListing.entries(of: descriptor) } catch {
            throw systemError("list \"\(path)\"", error.number)
        }
        for entry in entries {
            let child = TreePath(found: path.cString.dropLast() + [CChar(UInt8(ascii: "/"))] + entry.name)
            if try state(of: child)?.type == S_IFDIR {
                if let found = try firstFile(below: child, where: fits) { return found }
            } else if fits(child) {
                return child
            }
        }
        return nil
    }
}
