import Glibc

/// One name in a folder.
public struct FolderEntry: Sendable, Hashable {
    /// The bytes of the name, which need not be UTF-8, with a NUL at the end.
    public let name: [CChar]
    /// As in readdir(3), such as `DT_DIR`; `DT_UNKNOWN` where the file system does not say.
    public let type: UInt8

    /// Whether it is listed as a folder.
    public var isFolder: Bool { type == UInt8(DT_DIR) }

    /// The name as text; bytes that are not UTF-8 become U+FFFD.
    public var text: String { String(decoding: name.dropLast().lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self) }
}

/// Lists folders (readdir(3)), unordered and without `.` and `..`.
public enum FolderListing {
    /// The entries of a folder.
    ///
    /// - Throws: The error of the system.
    public static func entries(of path: String) throws(SystemError) -> [FolderEntry] {
        guard let stream = opendir(path) else { throw SystemError("list the folder \(path)") }
        return try entries(of: stream)
    }

    /// The entries of an open folder; the descriptor stays open, and its position is at the end.
    ///
    /// - Throws: The error of the system.
    public static func entries(of folder: Int32) throws(SystemError) -> [FolderEntry] {
        let copy = fcntl(folder, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0, let stream = fdopendir(copy) else {
            let error = SystemError("list a folder")
            if copy >= 0 { close(copy) }
            throw error
        }
        return try entries(of: stream)
    }

    /// The names in a folder as text; empty if it cannot be read.
    public static func names(in path: String) -> [String] {
        ((try? entries(of: path)) ?? []).map(\.text)
    }

    private static func entries(of stream: OpaquePointer) throws(SystemError) -> [FolderEntry] {
        defer { closedir(stream) }
        var found: [FolderEntry] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw SystemError("list a folder") }
                return found
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name.0) { name -> [CChar]? in
                if strcmp(name, ".") == 0 || strcmp(name, "..") == 0 { return nil }
                return Array(UnsafeBufferPointer(start: name, count: strlen(name) + 1))
            }
            if let name { found.append(FolderEntry(name: name, type: entry.pointee.d_type)) }
        }
    }
}
