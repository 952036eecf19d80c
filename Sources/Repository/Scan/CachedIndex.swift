import CGit
import Glibc

/// A git index in memory: the files of the last commit, each with the state on disk (size, times, inode) for which it
/// was last compared, so that unchanged files are not read.
///
/// An entry whose file was changed so recently that a further change could have the same time gets size zero, as in git
/// ("racy git"): it never matches, so that the file is read again.
final class CachedIndex {
    let pointer: OpaquePointer
    /// The path of its file.
    let path: String

    /// Opens an index file; a missing one is empty (git_index_open). Fails with `unsupported` for split and sparse
    /// indexes, which libgit2 1.5 cannot read.
    init(path: String) throws(RepositoryError) {
        self.path = path
        var opened: OpaquePointer?
        try check(git_index_open(&opened, path), "read the index \(path)", code: .unsupported)
        pointer = try unwrap(opened, "index")
        var state = stat()
        if stat(path, &state) == 0 { distrustRecent(state.st_mtim) }
    }

    /// Opens the index of a repository whose path need not be UTF-8; the repository looks up attributes in it, too.
    ///
    /// Fails as the other one.
    init(of repository: RepositoryHandle) throws(RepositoryError) {
        var opened: OpaquePointer?
        try check(git_repository_index(&opened, repository.pointer), "read the index", code: .unsupported)
        pointer = try unwrap(opened, "index")
        let file = try unwrap(git_index_path(pointer), "path of the index")
        path = String(cString: file)
        var state = stat()
        if stat(file, &state) == 0 { distrustRecent(state.st_mtim) }
    }

    deinit {
        git_index_free(pointer)
    }

    var count: Int { git_index_entrycount(pointer) }
    var hasConflicts: Bool { git_index_has_conflicts(pointer) != 0 }

    func entry(_ position: Int) -> UnsafePointer<git_index_entry>? { git_index_get_byindex(pointer, position) }

    func position(of path: [CChar]) -> Int? {
        var position = 0
        return git_index_find(&position, pointer, path) == 0 ? position : nil
    }

    /// Whether there are files below a folder; its name ends with a slash.
    func hasFiles(below folder: [CChar]) -> Bool {
        var position = 0
        return git_index_find_prefix(&position, pointer, folder) == 0
    }

    /// Replaces the entries by those of a tree; unchanged files keep their state (git_index_read_tree), and files
    /// outside a sparse checkout stay outside.
    func read(_ tree: TreeID, from repository: OpaquePointer) throws(RepositoryError) {
        var oid = tree.oid
        var found: OpaquePointer?
        try check(git_tree_lookup(&found, repository, &oid), "read the tree \(tree)")
        defer { git_tree_free(found) }
        var absent: [[CChar]] = []
        for position in 0..<count {
            guard let entry = entry(position)?.pointee, entry.isSkipped, let path = entry.path else { continue }
            absent.append(Array(UnsafeBufferPointer(start: path, count: strlen(path) + 1)))
        }
        try check(git_index_read_tree(pointer, found), "read the tree \(tree)")
        for case let position? in absent.map(position(of:)) {
            guard let entry = UnsafeMutablePointer(mutating: entry(position)) else { continue }
            entry.pointee.flags |= UInt16(GIT_INDEX_ENTRY_EXTENDED.rawValue)
            entry.pointee.flags_extended |= UInt16(GIT_INDEX_ENTRY_SKIP_WORKTREE.rawValue)
        }
    }

    /// Writes the tree of the entries; fast with git's cache of trees (git_index_write_tree_to).
    func writeTree(to repository: OpaquePointer) throws(RepositoryError) -> TreeID {
        var oid = git_oid()
        try check(git_index_write_tree_to(&oid, pointer, repository), "write the tree of the index \(path)")
        return TreeID(oid)
    }

    /// Replaces the index file (git_index_write); fails with `locked` while another process writes it.
    func write() throws(RepositoryError) {
        try check(
            git_index_write(pointer), "write the index \(path)",
            next: "if no git command is running, remove \(path).lock")
    }

    /// Sets the entry of a file with this content.
    func put(_ path: TreePath, _ oid: git_oid, mode: UInt16, state: stat?, verified: timespec) throws(RepositoryError) {
        var entry = git_index_entry()
        entry.id = oid
        entry.mode = UInt32(mode)
        if let state {
            entry.take(state)
            if state.isRecent(at: verified) { entry.file_size = 0 }
        }
        var result: Int32 = 0
        path.cString.withUnsafeBufferPointer {
            entry.path = $0.baseAddress
            result = git_index_add(pointer, &entry)
        }
        try check(result, "note \"\(path)\" in the index")
    }

    /// Sets the new state of a file with unchanged content.
    func refresh(_ position: Int, state: stat, verified: timespec) {
        // Entries are ordered by path alone, so that this one can be changed in place.
        guard let entry = UnsafeMutablePointer(mutating: git_index_get_byindex(pointer, position)) else { return }
        entry.pointee.take(state)
        if state.isRecent(at: verified) { entry.pointee.file_size = 0 }
    }

    func remove(_ path: TreePath) throws(RepositoryError) {
        try check(git_index_remove(pointer, path.cString, 0), "remove \"\(path)\" from the index")
    }

    private func distrustRecent(_ written: timespec) {
        for position in 0..<count {
            guard let entry = UnsafeMutablePointer(mutating: git_index_get_byindex(pointer, position)) else { continue }
            let time = timespec(
                tv_sec: Int(entry.pointee.mtime.seconds), tv_nsec: Int(entry.pointee.mtime.nanoseconds))
            if time.isRecent(at: written) { entry.pointee.file_size = 0 }
        }
    }
}

extension git_index_entry {
    /// Whether the file is outside a sparse checkout, and so not on disk.
    fileprivate var isSkipped: Bool { flags_extended & UInt16(GIT_INDEX_ENTRY_SKIP_WORKTREE.rawValue) != 0 }

    /// Copies the state of a file.
    fileprivate mutating func take(_ state: stat) {
        ctime = git_index_time(state.st_ctim)
        mtime = git_index_time(state.st_mtim)
        dev = UInt32(truncatingIfNeeded: state.st_dev)
        ino = UInt32(truncatingIfNeeded: state.st_ino)
        uid = state.st_uid
        gid = state.st_gid
        file_size = UInt32(truncatingIfNeeded: state.st_size)
    }

    /// Whether the file is certainly the one of this entry.
    func matches(_ state: stat) -> Bool {
        file_size == UInt32(truncatingIfNeeded: state.st_size)
            && ino == UInt32(truncatingIfNeeded: state.st_ino)
            && mtime.isEqual(state.st_mtim) && ctime.isEqual(state.st_ctim)
    }
}

extension git_index_time {
    fileprivate init(_ time: timespec) {
        self.init(seconds: Int32(truncatingIfNeeded: time.tv_sec), nanoseconds: UInt32(time.tv_nsec))
    }

    fileprivate func isEqual(_ time: timespec) -> Bool {
        seconds == Int32(truncatingIfNeeded: time.tv_sec) && nanoseconds == UInt32(time.tv_nsec)
    }
}

extension stat {
    func isRecent(at moment: timespec) -> Bool {
        st_mtim.isRecent(at: moment) || st_ctim.isRecent(at: moment)
    }

    /// The mode of the file in git.
    var gitMode: UInt16 {
        if st_mode & S_IFMT == S_IFLNK { return 0o120000 }
        return st_mode & 0o100 != 0 ? 0o100755 : 0o100644
    }

    /// That mode if the executable bit on disk is trusted (core.fileMode), else the known one.
    func gitMode(besides known: UInt32?, isTrusted: Bool) -> UInt32 {
        let mode = UInt32(gitMode)
        if isTrusted || mode == 0o120000 { return mode }
        return known == 0o100755 ? 0o100755 : 0o100644
    }
}

extension timespec {
    /// Whether a change after `moment` could still get this time: file systems use the kernel's tick (at most 10 ms),
    /// or steps of up to two seconds without fractions.
    fileprivate func isRecent(at moment: timespec) -> Bool {
        let tick = tv_nsec == 0 ? 2_000_000_000 : 20_000_000
        return (moment.tv_sec - tv_sec) * 1_000_000_000 + moment.tv_nsec - tv_nsec < tick
    }

    /// The time of the system clock, which file times use.
    static var now: timespec {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return time
    }
}
