import Glibc

/// Removes a folder with its contents; links are not followed.
public enum FolderRemoval {
    /// Removes the folder, also if its owner has no write permission in it.
    ///
    /// - Throws: The error of the system; a path that is a link itself is refused (`ENOTDIR`).
    public static func remove(_ path: String) throws(SystemError) {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { throw SystemError("remove the folder \(path)") }
        try empty(Descriptor(folder), path)
        guard rmdir(path) == 0 else { throw SystemError("remove the folder \(path)") }
    }

    private static func empty(_ folder: Descriptor, _ path: String) throws(SystemError) {
        // A command may have left folders without write permission.
        var state = stat()
        if fstat(folder.raw, &state) == 0, state.st_mode & 0o700 != 0o700 { fchmod(folder.raw, 0o700) }
        for entry in try FolderListing.entries(of: folder.raw) {
            if !entry.isFolder, unlinkat(folder.raw, entry.name, 0) == 0 { continue }
            let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
            var child = openat(folder.raw, entry.name, flags)
            if child < 0, errno == EACCES, fchmodat(folder.raw, entry.name, 0o700, 0) == 0 {
                child = openat(folder.raw, entry.name, flags)
            }
            guard child >= 0 else { throw SystemError("remove what is in the folder \(path)") }
            try empty(Descriptor(child), path)
            guard unlinkat(folder.raw, entry.name, AT_REMOVEDIR) == 0 else {
                throw SystemError("empty the folder \(path)")
            }
        }
    }
}
