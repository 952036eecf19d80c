import Glibc

/// The file system on which a path lies.
public struct FileSystem: Sendable, Hashable {
    /// Where it is mounted: the topmost folder above the path on the same device.
    public let root: String
    /// The room that is left, in bytes; none where no further file can be made.
    public let freeBytes: Int
    /// Whether it is mounted read-only.
    public let isReadOnly: Bool

    /// Looks at the file system of a path, or of the nearest folder above it (statvfs(3)).
    public init(of path: String) {
        var (place, state, known) = (FilePath.resolved(path) ?? path, stat(), statvfs())
        while place.count > 1, stat(place, &state) != 0 { place = Self.parent(of: place) }
        let hasState = statvfs(place, &known) == 0
        let takesFiles = known.f_files == 0 || known.f_favail > 0
        let free = known.f_bavail.multipliedReportingOverflow(by: known.f_frsize)
        freeBytes = !hasState || free.overflow ? .max : takesFiles ? Int(clamping: free.partialValue) : 0
        isReadOnly = hasState && known.f_flag & UInt(ST_RDONLY) != 0
        while place.count > 1 {
            var above = stat()
            let parent = Self.parent(of: place)
            guard stat(parent, &above) == 0, above.st_dev == state.st_dev else { break }
            place = parent
        }
        root = place
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }
}
