import Glibc
import OS

/// How much room a folder takes on the disk.
public struct FolderSize: Sendable, Hashable {
    /// Bytes, counted in the blocks that the files occupy.
    public var bytes = 0
    /// Whether there is more than what was counted, because the limit came first.
    public var isPartial = false
    /// How many files and folders were counted.
    public var entryCount = 0

    /// Counts a folder with all that is in it; links are not followed, and a missing folder has no size.
    ///
    /// Looking at a file takes about a microsecond. With a limit, what lies at the top is counted before what lies
    /// below, so that one big tree does not hide the rest.
    public init(of path: String, entryLimit: Int = .max) {
        var state = stat()
        guard lstat(path, &state) == 0 else { return }
        bytes = Int(state.st_blocks) * 512
        guard state.st_mode & S_IFMT == S_IFDIR else { return }
        var waiting = [path]
        var next = 0
        while next < waiting.count {
            guard entryCount < entryLimit else {
                isPartial = true
                return
            }
            count(waiting[next], &waiting)
            next += 1
        }
    }

    private mutating func count(_ path: String, _ waiting: inout [String]) {
        guard let folder = try? Descriptor(opening: path, O_RDONLY | O_DIRECTORY),
            let entries = try? FolderListing.entries(of: folder.raw)
        else { return }
        for entry in entries {
            var state = stat()
            guard fstatat(folder.raw, entry.name, &state, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
            bytes += Int(state.st_blocks) * 512
            entryCount += 1
            if entry.isFolder { waiting.append("\(path)/\(entry.text)") }
        }
    }
}
