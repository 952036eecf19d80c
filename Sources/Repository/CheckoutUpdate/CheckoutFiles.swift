import CGit
import Glibc

/// The files of the user's checkout, read and compared the way git sees them.
struct CheckoutFiles {
    let repository: GitRepository
    let folder: RootedFolder
    let filters: ContentFilters
    private let trustsMode: Bool

    init(_ repository: GitRepository) throws(RepositoryError) {
        self.repository = repository
        folder = try RootedFolder(repository.workingDirectory)
        let command = GitCommand(
            gitDirectory: repository.gitDirectory, workTree: repository.workingDirectory,
            environment: repository.environment)
        filters = ContentFilters(repository.handle, command: command)
        trustsMode = repository.isConfigured("core.fileMode", default: true)
    }

    /// Whether a path is on disk as in the index and on one side of a change.
    ///
    /// - Parameter leaving: The files that the same step removes.
    func isClean(
        _ path: TreePath, as side: CheckoutChange.Side?, in index: CachedIndex, leaving: Set<TreePath>
    ) throws(RepositoryError) -> Bool {
        let entry = index.position(of: path.cString).flatMap { index.entry($0)?.pointee }
        guard let side else {
            if entry != nil { return false }
            return try isFree(path, leaving)
        }
        let isIntended = entry.map { UInt32($0.flags_extended) & GIT_INDEX_ENTRY_INTENT_TO_ADD.rawValue == 0 } ?? false
        guard let entry, isIntended, entry.id.equals(side.oid), UInt16(entry.mode) == side.mode,
            let state = try folder.state(of: path)
        else { return false }
        if trustsMode || state.type != S_IFREG {
            guard state.gitMode == side.mode else { return false }
        }
        if entry.matches(state) { return true }
        return try content(of: path, state: state).map { found throws(RepositoryError) in
            try self.oid(of: found, at: path, mode: side.mode, unless: side.oid).equals(side.oid)
        } ?? false
    }

    /// Whether a path has this content on disk, whatever the index says.
    func holds(_ path: TreePath, oid: git_oid, mode: UInt16) throws(RepositoryError) -> Bool {
        guard let state = try folder.state(of: path), (state.type == S_IFLNK) == (mode == 0o120000) else {
            return false
        }
        return try content(of: path, state: state).map { found throws(RepositoryError) in
            try self.oid(of: found, at: path, mode: mode, unless: oid).equals(oid)
        } ?? false
    }

    /// The bytes on disk, or the target of a link; nil if there is neither.
    func content(of path: TreePath) throws(RepositoryError) -> [UInt8]? {
        guard let state = try folder.state(of: path) else { return nil }
        return try content(of: path, state: state)
    }

    /// The bytes to write to disk for a side of a change, with the line endings of the repository
    /// (git_filter_list_apply_to_blob).
    func bytes(for side: CheckoutChange.Side, at path: TreePath) throws(RepositoryError) -> [UInt8] {
        var (oid, blob, list): (git_oid, OpaquePointer?, OpaquePointer?) = (side.oid, nil, nil)
        try check(git_blob_lookup(&blob, repository.pointer, &oid), "read \"\(path)\"")
        defer { git_blob_free(blob) }
        if side.mode != 0o120000 {
            try check(
                git_filter_list_load(&list, repository.pointer, blob, path.cString, GIT_FILTER_TO_WORKTREE, 0),
                "find the filters of \"\(path)\"")
        }
        defer { git_filter_list_free(list) }
        guard list != nil else {
            return Array(UnsafeRawBufferPointer(start: git_blob_rawcontent(blob), count: Int(git_blob_rawsize(blob))))
        }
        var filtered = git_buf()
        defer { git_buf_dispose(&filtered) }
        try check(
            git_filter_list_apply_to_blob(&filtered, list, blob), "convert the line endings of \"\(path)\"")
        return Array(UnsafeRawBufferPointer(start: filtered.ptr, count: filtered.size))
    }

    /// Whether there is no file at a path, and nothing but folders above it. `TreeWriter` checks the content of a
    /// folder there, which the same step may remove.
    private func isFree(_ path: TreePath, _ leaving: Set<TreePath>) throws(RepositoryError) -> Bool {
        do throws(RepositoryError) {
            var ancestor = path.parent
            while let folder = ancestor {
                if leaving.contains(folder) { return true }
                if let type = try self.folder.state(of: folder)?.type, type != S_IFDIR { return false }
                ancestor = folder.parent
            }
            guard let type = try self.folder.state(of: path)?.type else { return true }
            return type == S_IFDIR
        } catch  where error.code == .forbiddenPath {
            return false  // A link is in the place of a folder.
        }
    }

    private func content(of path: TreePath, state: stat) throws(RepositoryError) -> [UInt8]? {
        switch state.type {
        case S_IFREG: try folder.read(path, links: .none)?.bytes
        case S_IFLNK: try folder.readLink(path)?.bytes
        default: nil
        }
    }

    private func oid(
        of bytes: [UInt8], at path: TreePath, mode: UInt16, unless expected: git_oid
    ) throws(RepositoryError) -> git_oid {
        guard mode == 0o120000 else { return try filters.blob(for: bytes, at: path, unless: expected) }
        var oid = git_oid()
        try check(git_odb_hash(&oid, bytes, bytes.count, GIT_OBJECT_BLOB), "hash a link")
        return oid
    }
}
