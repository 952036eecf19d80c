import Glibc

/// Removes a folder with everything in it. Links are removed, not followed.
public enum FolderRemoval {
    /// Removes the folder, also where its owner may not write in it; fails with `system` where the system refuses.
    ///
    /// A path that is a link itself is refused.
    public static func remove(_ path: String) throws(RepositoryError) {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { throw systemError("remove the folder \(path)") }
        try empty(folder, path)
        guard rmdir(path) == 0 else { throw systemError("remove the folder \(path)") }
    }

    /// The names in a folder; none when it is missing.
    public static func names(in path: String) -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names = [String]()
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name.0) { String(cString: $0) }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Takes over the descriptor.
    private static func empty(_ folder: Int32, _ path: String) throws(RepositoryError) {
        // A command may have left folders that even their owner cannot change.
        var state = stat()
        if fstat(folder, &state) == 0, state.st_mode & 0o700 != 0o700 { fchmod(folder, 0o700) }
        guard let stream = fdopendir(folder) else {
            close(folder)
            throw systemError("list the folder \(path)")
        }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let isFolder = entry.pointee.d_type == UInt8(DT_DIR)
            let name = withUnsafePointer(to: &entry.pointee.d_name.0) {
                Array(UnsafeBufferPointer(start: $0, count: strlen($0) + 1))
            }
            if name == [46, 0] || name == [46, 46, 0] { continue }
            if !isFolder, unlinkat(folder, name, 0) == 0 { continue }
            var child = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            if child < 0, errno == EACCES, fchmodat(folder, name, 0o700, 0) == 0 {
                child = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            }
            guard child >= 0 else { throw systemError("remove what is in the folder \(path)") }
            try empty(child, path)
            guard unlinkat(folder, name, AT_REMOVEDIR) == 0 else { throw systemError("empty the folder \(path)") }
        }
    }
}
