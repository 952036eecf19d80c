import Glibc

/// Questions about paths that the sandbox asks of the file system.
enum FilePath {
    enum Kind { case folder, other }

    /// Returns the path without links, dots and doubled slashes, or nil if nothing is there (realpath(3)).
    static func resolved(_ path: String) -> String? {
        guard let pointer = realpath(path, nil) else { return nil }
        defer { free(pointer) }
        return String(cString: pointer)
    }

    static func kind(_ path: String) -> Kind? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return status.st_mode & S_IFMT == S_IFDIR ? .folder : .other
    }

    /// Whether a resolved path is a folder or lies below it.
    static func isInside(_ path: String, _ folder: String) -> Bool {
        path == folder || path.hasPrefix(folder + "/")
    }

    /// Finds a program the way execvp(3) does, in the search path of the child and not in ours.
    static func program(_ name: String, searchPath: String) -> String? {
        if name.contains("/") { return name }
        for folder in searchPath.split(separator: ":") where !name.isEmpty {
            let candidate = "\(folder)/\(name)"
            if access(candidate, X_OK) == 0, kind(candidate) == .other { return candidate }
        }
        return nil
    }
}
