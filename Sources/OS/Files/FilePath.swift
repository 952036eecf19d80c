import Glibc

/// Questions about paths.
public enum FilePath {
    /// The kind of file at a path.
    public enum Kind: Sendable {
        /// A folder.
        case folder
        /// Anything else.
        case other
    }

    /// The path without links, dots and doubled slashes; nil if nothing is there (realpath(3)).
    public static func resolved(_ path: String) -> String? {
        guard let pointer = realpath(path, nil) else { return nil }
        defer { free(pointer) }
        return String(cString: pointer)
    }

    /// The kind of file at a path, with links followed; nil if nothing is there (stat(2)).
    public static func kind(_ path: String) -> Kind? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return status.st_mode & S_IFMT == S_IFDIR ? .folder : .other
    }

    /// Whether the path itself is a symbolic link.
    public static func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// The path with a leading `~` replaced by the home folder.
    public static func absolute(_ path: String, home: String) -> String {
        path.hasPrefix("~/") ? home + path.dropFirst() : path
    }

    /// Whether a resolved path is the folder or below it.
    public static func isInside(_ path: String, _ folder: String) -> Bool {
        path == folder || folder == "/" || path.hasPrefix(folder + "/")
    }

    /// Finds a program as execvp(3) does, in the search path of the child; nil if no folder has it.
    public static func program(_ name: String, searchPath: String) -> String? {
        if name.contains("/") { return name }
        for folder in searchPath.split(separator: ":") where !name.isEmpty {
            let candidate = "\(folder)/\(name)"
            if access(candidate, X_OK) == 0, kind(candidate) == .other { return candidate }
        }
        return nil
    }
}
