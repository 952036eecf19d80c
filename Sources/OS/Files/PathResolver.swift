import Glibc

/// Resolves many paths with one look at the file system.
///
/// A path is looked at once, a folder that several of them share is resolved once, and nothing is asked for below a folder
/// that is missing. What changes meanwhile may not be seen: one is made for one purpose, and not kept.
public final class PathResolver {
    /// What is at a path.
    public struct Found: Equatable {
        /// The path without links, dots and doubled slashes.
        public let real: String
        /// The kind, with links followed.
        public let kind: FilePath.Kind
    }

    /// A path by its bytes: strings are equal that the system takes for two names.
    private struct Key: Hashable {
        let path: String

        static func == (one: Key, other: Key) -> Bool { FilePath.isSame(one.path, other.path) }
        func hash(into hasher: inout Hasher) {
            var path = path
            path.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
    }

    /// What is at paths; nil for what is not there.
    private var answers: [Key: Found?] = [:]

    /// Makes one that has not looked yet.
    public init() {}

    /// As ``FilePath/resolved(_:)``.
    public func resolved(_ path: String) -> String? { found(path)?.real }

    /// As ``FilePath/kind(_:)``.
    public func kind(_ path: String) -> FilePath.Kind? { found(path)?.kind }

    /// What is at a path; nil if nothing is there.
    public func found(_ path: String) -> Found? { found(path, links: 0) }

    private func found(_ path: String, links: Int) -> Found? {
        if let known = answers[Key(path: path)] { return known }
        let found = look(path, links: links)
        answers[Key(path: path)] = .some(found)
        return found
    }

    private func look(_ path: String, links: Int) -> Found? {
        guard path.utf8.first == UInt8(ascii: "/"), let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else {
            return Self.look(path)
        }
        let name = path[path.utf8.index(after: slash)...]
        // What these are depends on what is above.
        guard !name.isEmpty, name != ".", name != ".." else { return Self.look(path) }
        guard let above = folder(String(path[..<slash]), links: links) else { return nil }
        let real = "\(above)/\(name)"
        var status = stat()
        guard lstat(real, &status) == 0 else { return nil }
        guard status.st_mode & S_IFMT == S_IFLNK else {
            return Found(real: real, kind: status.st_mode & S_IFMT == S_IFDIR ? .folder : .other)
        }
        // As many as the kernel follows (path_resolution(7)).
        guard links < 40, let text = FilePath.linkText(real) else { return nil }
        let target = found(text.utf8.first == UInt8(ascii: "/") ? text : "\(above)/\(text)", links: links + 1)
        // Links in /proc lead to what their text does not name (proc(5)).
        return target ?? Self.look(path)
    }

    private func folder(_ path: String, links: Int) -> String? {
        if path.isEmpty { return "" }
        let real = found(path, links: links)?.real
        return real == "/" ? "" : real
    }

    private static func look(_ path: String) -> Found? {
        guard let kind = FilePath.kind(path), let real = FilePath.resolved(path) else { return nil }
        return Found(real: real, kind: kind)
    }
}
