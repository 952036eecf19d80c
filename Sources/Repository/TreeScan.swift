import CGit
import Glibc

/// A file that a scan found but left where it is.
public struct SkippedFile: Sendable, Hashable {
    /// Why it was left out.
    public enum Reason: Sendable, Hashable {
        /// It is untracked and larger than the limit.
        case tooLarge(bytes: Int64)
        /// It is the folder of another repository.
        case nestedRepository
        /// The system did not let us read it.
        case unreadable
    }

    /// The path, relative to the root of the tree.
    public let path: String
    /// Why it was left out.
    public let reason: Reason
}

/// Compares the files on disk with an index.
///
/// One walk over the folders; a tracked file whose state is the known one is not opened, and only paths that are
/// not tracked are held against the ignore rules. Submodules, nested repositories and files that the index marks
/// as assumed unchanged or outside a sparse checkout are left alone.
struct TreeScan {
    /// What one file has become.
    struct Finding {
        let path: TreePath
        let kind: FileChangeKind
        /// The new content, or nil when the file is gone.
        let blob: (oid: git_oid, mode: UInt16, state: stat)?
    }

    let root: BeneathFolder
    let index: KeptIndex
    let filters: ContentFilters
    let repository: OpaquePointer
    /// The largest untracked file that is taken along, in bytes.
    let untrackedLimit: Int64
    /// Whether the executable bit on disk means something (core.fileMode).
    let trustsMode: Bool

    private(set) var findings: [Finding] = []
    private(set) var skipped: [SkippedFile] = []
    /// Whether states in the index were brought up to date.
    private(set) var hasRefreshed = false
    private var seen: [Bool] = []
    private var verified = timespec()

    init(
        root: BeneathFolder, index: KeptIndex, filters: ContentFilters, repository: OpaquePointer,
        untrackedLimit: Int64, trustsMode: Bool
    ) {
        self.root = root
        self.index = index
        self.filters = filters
        self.repository = repository
        self.untrackedLimit = untrackedLimit
        self.trustsMode = trustsMode
    }

    /// Walks the tree; afterwards `findings` and `skipped` are complete, findings ordered by path within each kind.
    mutating func run() throws(RepositoryError) {
        verified = .now
        seen = Array(repeating: false, count: index.count)
        var folders: [(path: [CChar], isTracked: Bool)] = [([], true)]
        while let folder = folders.popLast() {
            try visit(folder.path, isTracked: folder.isTracked, &folders)
        }
        for position in seen.indices where !seen[position] {
            guard let entry = index.entry(position), !entry.pointee.isLeftAlone, let path = entry.pointee.path else {
                continue
            }
            let name = Array(UnsafeBufferPointer(start: path, count: strlen(path) + 1))
            findings.append(Finding(path: TreePath(found: name), kind: .deleted, blob: nil))
        }
    }

    /// Reads one folder; its path ends with a slash, or is empty at the root.
    private mutating func visit(
        _ prefix: [CChar], isTracked: Bool, _ folders: inout [(path: [CChar], isTracked: Bool)]
    ) throws(RepositoryError) {
        let descriptor = root.open(prefix + [0], O_RDONLY | O_DIRECTORY, links: .none)
        guard descriptor >= 0, let stream = fdopendir(descriptor) else {
            let isGone = [ENOENT, ENOTDIR, ELOOP, EXDEV].contains(errno)
            if descriptor >= 0 { close(descriptor) }
            if !isGone { leaveAlone(prefix) }
            return
        }
        defer { closedir(stream) }
        var path = prefix
        while let entry = readdir(stream) {
            var kind = entry.pointee.d_type
            var state = stat()
            let isKnown = withUnsafePointer(to: &entry.pointee.d_name.0) { name in
                if strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, ".git") == 0 { return false }
                path.removeLast(path.count - prefix.count)
                path.append(contentsOf: UnsafeBufferPointer(start: name, count: strlen(name) + 1))
                return kind == UInt8(DT_DIR) || fstatat(descriptor, name, &state, AT_SYMLINK_NOFOLLOW) == 0
            }
            guard isKnown else { continue }
            if kind != UInt8(DT_DIR) { kind = UInt8((state.st_mode & S_IFMT) >> 12) }
            switch Int(kind) {
            case Int(DT_DIR): try meetFolder(path, isTracked, &folders)
            case Int(DT_REG), Int(DT_LNK): try meetFile(path, state, isTracked)
            default: break
            }
        }
    }

    private mutating func meetFolder(
        _ path: [CChar], _ isParentTracked: Bool, _ folders: inout [(path: [CChar], isTracked: Bool)]
    ) throws(RepositoryError) {
        let folder = path.dropLast() + [Self.slash]
        if isParentTracked {
            if index.hasFiles(below: folder + [0]) { return folders.append((Array(folder), true)) }
            if let position = index.position(of: path), index.entry(position)?.pointee.mode == 0o160000 {
                seen[position] = true
                return
            }
        }
        guard try !isIgnored(path) else { return }
        if try root.state(of: TreePath(found: folder + Self.gitFolder)) != nil {
            skipped.append(SkippedFile(path: TreePath(found: path).text, reason: .nestedRepository))
            return
        }
        folders.append((Array(folder), false))
    }

    private mutating func meetFile(_ path: [CChar], _ state: stat, _ isParentTracked: Bool) throws(RepositoryError) {
        if isParentTracked, let position = index.position(of: path), let entry = index.entry(position) {
            seen[position] = true
            if entry.pointee.isLeftAlone { return }
            let isSameMode = mode(state, entry.pointee.mode) == entry.pointee.mode
            if isSameMode, entry.pointee.matches(state) { return }
            return try examine(path, position, entry.pointee)
        }
        guard try !isIgnored(path) else { return }
        guard state.st_size <= untrackedLimit else {
            let reason = SkippedFile.Reason.tooLarge(bytes: Int64(state.st_size))
            return skipped.append(SkippedFile(path: TreePath(found: path).text, reason: reason))
        }
        try examine(path, nil, nil)
    }

    /// Reads a file that may have changed, and compares its content.
    private mutating func examine(_ path: [CChar], _ position: Int?, _ entry: git_index_entry?) throws(RepositoryError)
    {
        let path = TreePath(found: path)
        guard let found = try readFile(path) else { return }
        let mode = mode(found.state, entry?.mode)
        let isLink = mode == 0o120000
        let oid: git_oid
        if isLink {
            var link = git_oid()
            try check(git_blob_create_from_buffer(&link, repository, found.bytes, found.bytes.count), "store a link")
            oid = link
        } else {
            oid = try filters.blob(for: found.bytes, at: path, unless: entry?.id)
        }
        if let entry, let position, entry.mode == UInt32(mode), oid.equals(entry.id) {
            index.refresh(position, state: found.state, verified: verified)
            hasRefreshed = true
            return
        }
        let kind: FileChangeKind = entry == nil ? .added : .modified
        findings.append(Finding(path: path, kind: kind, blob: (oid, UInt16(mode), found.state)))
    }

    /// Reads a file or link; one that cannot be read is skipped, one that has just gone is found by the next scan.
    private mutating func readFile(_ path: TreePath) throws(RepositoryError) -> (bytes: [UInt8], state: stat)? {
        do throws(RepositoryError) {
            if let state = try root.state(of: path), state.st_mode & S_IFMT == S_IFLNK {
                return try root.readLink(path)
            }
            return try root.read(path, links: .none)
        } catch {
            skipped.append(SkippedFile(path: path.text, reason: .unreadable))
            return nil
        }
    }

    private func mode(_ state: stat, _ known: UInt32?) -> UInt32 {
        let mode = UInt32(state.gitMode)
        if trustsMode || mode == 0o120000 { return mode }
        return known == 0o100755 ? 0o100755 : 0o100644
    }

    private func isIgnored(_ path: [CChar]) throws(RepositoryError) -> Bool {
        var ignored: Int32 = 0
        try check(
            git_ignore_path_is_ignored(&ignored, repository, path),
            "hold \"\(TreePath(found: path).text)\" against the ignore rules")
        return ignored != 0
    }

    /// A folder that cannot be read has not lost its files.
    private mutating func leaveAlone(_ prefix: [CChar]) {
        skipped.append(SkippedFile(path: TreePath(found: prefix + [0]).text, reason: .unreadable))
        for position in seen.indices {
            guard let entry = index.entry(position) else { continue }
            if strncmp(entry.pointee.path, prefix + [0], prefix.count) == 0 { seen[position] = true }
        }
    }

    private static let slash = CChar(UInt8(ascii: "/"))
    private static let gitFolder: [CChar] = ".git".utf8CString.map { $0 }
}

extension git_index_entry {
    /// Whether the file is not compared: a submodule, assumed unchanged, or outside a sparse checkout.
    fileprivate var isLeftAlone: Bool {
        mode == 0o160000 || flags & UInt16(GIT_INDEX_ENTRY_VALID.rawValue) != 0
            || flags_extended & UInt16(GIT_INDEX_ENTRY_SKIP_WORKTREE.rawValue) != 0
    }
}
