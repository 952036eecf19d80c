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
        var status = stat()
        // Most of what is asked for is not there, and one call says so; realpath(3) makes one for each name above.
        guard stat(path, &status) == 0, let pointer = realpath(path, nil) else { return nil }
        defer { free(pointer) }
        return String(cString: pointer)
    }

    /// The kind of file at a path, with links followed; nil if nothing is there (stat(2)).
    public static func kind(_ path: String) -> Kind? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return status.st_mode & S_IFMT == S_IFDIR ? .folder : .other
    }

    /// Whether a regular file is there, with links followed.
    public static func isRegularFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Whether the path itself is a symbolic link.
    public static func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// The absolute path of one that may begin in the current folder, without `.` in it; nil where that folder is gone.
    public static func fromHere(_ path: String) -> String? {
        var place = path
        if !path.hasPrefix("/") {
            guard let here = getcwd(nil, 0) else { return nil }
            defer { free(here) }
            place = String(cString: here) + "/" + path
        }
        let names = place.split(separator: "/").filter { $0 != "." }
        // What `..` means depends on links.
        return "/" + names.joined(separator: "/")
    }

    /// The path with a leading `~` replaced by the home folder.
    public static func absolute(_ path: String, home: String) -> String {
        path.utf8.starts(with: "~/".utf8) ? home + Substring(path.utf8.dropFirst()) : path
    }

    /// Whether two paths have the same bytes; strings are equal that the system takes for two names.
    public static func isSame(_ path: String, _ other: String) -> Bool { path.utf8.elementsEqual(other.utf8) }

    /// Whether a resolved path is the folder or below it.
    public static func isInside(_ path: String, _ folder: String) -> Bool {
        isSame(path, folder) || folder == "/" || rest(of: path, below: folder) != nil
    }

    /// The names in a path, outermost first; a slash is one also where an accent behind it makes it another character.
    public static func names(in path: some StringProtocol) -> [String] {
        path.utf8.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
    }

    /// What stands behind the name of a folder in a path below it, from the slash on; nil for all other paths.
    ///
    /// Compares whole names, byte by byte: `/tmp2` is not below `/tmp`.
    public static func rest(of path: String, below folder: String) -> Substring? {
        let rest = path.utf8.dropFirst(folder.utf8.count)
        guard rest.first == UInt8(ascii: "/"), path.utf8.starts(with: folder.utf8) else { return nil }
        return Substring(rest)
    }

    /// Finds a program as execvp(3) does, in the search path of the child; nil if no folder has it.
    public static func program(_ name: String, searchPath: String) -> String? {
        if name.utf8.contains(UInt8(ascii: "/")) { return name }
        for folder in searchPath.utf8.split(separator: UInt8(ascii: ":")).map({ Substring($0) }) where !name.isEmpty {
            let candidate = "\(folder)/\(name)"
            if access(candidate, X_OK) == 0, kind(candidate) == .other { return candidate }
        }
        return nil
    }
}

extension Sequence<String> {
    /// Whether one of the paths has the same bytes; see ``FilePath/isSame(_:_:)``.
    public func containsPath(_ path: String) -> Bool { contains { FilePath.isSame($0, path) } }
}
