import CBeneath
import Glibc

/// The mark of a state of a folder, or of a file with ignore rules.
struct FileMark: Hashable {
    private let device: UInt64
    private let inode: UInt64
    private let size: Int64
    private let modified: Int
    private let modifiedFraction: Int
    private let changed: Int
    private let changedFraction: Int

    init(_ state: stat) {
        device = UInt64(state.st_dev)
        inode = UInt64(state.st_ino)
        size = Int64(state.st_size)
        (modified, modifiedFraction) = (state.st_mtim.tv_sec, state.st_mtim.tv_nsec)
        (changed, changedFraction) = (state.st_ctim.tv_sec, state.st_ctim.tv_nsec)
    }

    /// The mark of a file; nil if it is missing, or so recent that a further change could leave the same mark.
    init?(of file: Int32, _ path: [CChar], at moment: timespec) {
        var state = stat()
        guard fstatat(file, path, &state, AT_SYMLINK_NOFOLLOW) == 0, !state.isRecent(at: moment) else { return nil }
        self.init(state)
    }
}

/// A cache of the folders in which the last scan found only tracked and ignored files.
///
/// A folder's times change whenever a name in it is added, removed or replaced, so that a folder with the same mark
/// need not be listed again; only its tracked files are checked. That holds while the ignore rules are the same, on
/// file systems of this machine, and for marks that were old enough when they were taken (git's untracked cache works
/// the same way).
final class FolderCache {
    /// The marks by path, with a slash and a NUL at the end.
    var folders: [[CChar]: FileMark] = [:]
    /// The marks of files with ignore rules, by path; nil for a missing or recent one.
    private var rules: [[CChar]: FileMark?] = [:]
    /// Untracked files with rules in the tree.
    private(set) var untrackedRules: Set<[CChar]> = []
    private let root: RootedFolder

    /// Makes a cache; nil on a file system with unreliable folder times.
    init?(root: RootedFolder) {
        guard Self.keepsTimes(root.descriptor) else { return nil }
        self.root = root
    }

    /// Empties the cache if the ignore rules may have changed since the last scan.
    ///
    /// - Parameters:
    ///   - tracked: The tracked files with rules.
    ///   - outside: Absolute paths of files with rules outside the tree.
    func checkRules(tracked: [[CChar]], outside: [String], at moment: timespec) {
        var marks: [[CChar]: FileMark?] = [:]
        for path in tracked + untrackedRules + outside.map({ Array($0.utf8CString) }) {
            marks[path] = .some(FileMark(of: root.descriptor, path, at: moment))
        }
        let isMissing = { (path: [CChar]) in faccessat(self.root.descriptor, path, F_OK, 0) != 0 }
        let areSame =
            marks.keys == rules.keys
            && marks.allSatisfy { $0.value == rules[$0.key] && ($0.value != nil || isMissing($0.key)) }
        if !areSame { folders = [:] }
        rules = marks
    }

    /// Records the untracked files with rules that a scan has found; returns whether some of them are new.
    func meet(rules found: Set<[CChar]>) -> Bool {
        let areNew = !found.isSubset(of: untrackedRules)
        untrackedRules.formUnion(found)
        if areNew { folders = [:] }
        return areNew
    }

    func forget() {
        folders = [:]
    }

    /// Whether the file system updates a folder's times at once (statfs(2)).
    private static func keepsTimes(_ root: Int32) -> Bool {
        let (ext, xfs, btrfs, tmpfs, overlay) = (0xEF53, 0x5846_5342, 0x9123_683E, 0x0102_1994, 0x794C_7630)
        return [ext, xfs, btrfs, tmpfs, overlay].contains(beneath_file_system(root))
    }
}
