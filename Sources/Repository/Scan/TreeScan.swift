import CGit
import Glibc
import OS

/// Compares the files on disk with an index.
///
/// A tracked file with an unchanged state is not opened, only untracked names are matched against the
/// ignore rules, and folders that the cache knows to be unchanged are not listed. Submodules, nested repositories and
/// files that the index marks as assumed unchanged or outside a sparse checkout are left alone.
struct TreeScan {
    /// The change of one file.
    struct Finding {
        let path: TreePath
        let kind: FileChangeKind
        /// The new content; nil if the file was deleted.
        let blob: (oid: git_oid, mode: UInt16, state: stat)?
    }

    let root: RootedFolder
    let index: CachedIndex
    let filters: ContentFilters
    let rules: IgnoreRules
    let repository: OpaquePointer
    /// The largest untracked file to include, in bytes.
    let untrackedLimit: Int64
    /// Whether untracked files that are named like secrets are left out.
    let skipsSecrets: Bool
    /// Whether the executable bit on disk is trusted (core.fileMode).
    let trustsMode: Bool
    /// The folders known from earlier scans of the same tree.
    var cache: FolderCache?
    /// The changes of a tree that is an overlay; only these are scanned then.
    var overlaid: OverlaidLayer?
    /// When a file that has changed is not read any more: the scan then ends, and has found nothing.
    var deadline: ContinuousClock.Instant?

    private(set) var findings: [Finding] = []
    private(set) var skipped: [SkippedFile] = []
    /// Folders that are ignored or have only ignored content, without what is in them.
    private(set) var ignoredFolders: [TreePath] = []
    /// Other files that are left out: ignored and skipped ones.
    private(set) var leftOut: [TreePath] = []
    /// Folders with tracked files and another owner, group or file system, or with such files.
    private(set) var foreignFolders: [TreePath] = []
    private var verified = timespec()

    init(
        root: RootedFolder, index: CachedIndex, filters: ContentFilters, rules: IgnoreRules, repository: OpaquePointer,
        untrackedLimit: Int64, trustsMode: Bool, cache: FolderCache? = nil, overlaid: OverlaidLayer? = nil,
        skipsSecrets: Bool = false
    ) {
        self.root = root
        self.index = index
        self.filters = filters
        self.rules = rules
        self.repository = repository
        self.untrackedLimit = untrackedLimit
        self.trustsMode = trustsMode
        self.cache = cache
        self.overlaid = overlaid
        self.skipsSecrets = skipsSecrets
    }

    /// Scans the tree, which fills `findings` and `skipped`.
    mutating func run() throws(RepositoryError) {
        verified = .now
        if let overlaid { return try run(overlaid) }
        let table = FolderTable(index)
        let pass = look(at: table)
        for (position, verdict) in pass.verdicts.enumerated() where verdict != .same {
            let entry = table.entries[position].pointee
            let path = TreePath(found: Array(UnsafeBufferPointer(start: entry.path, count: strlen(entry.path) + 1)))
            switch verdict {
            case .suspect: try examine(path.cString, position, entry)
            case .gone, .same: miss(path)
            }
        }
        var marks = pass.marks
        for candidate in pass.candidates.sorted(by: { ($0.folder, $0.text) < ($1.folder, $1.text) }) {
            let path = table.folders[candidate.folder].cString.dropLast() + candidate.name
            if try meet(Array(path), type: candidate.fileType) { marks[candidate.folder] = nil }
        }
        for position in pass.unreadable.sorted() {
            let folder = table.folders[position]
            // A folder in an unreadable folder is not reported.
            if position > 0, pass.unreadable.contains(folder.parent) { continue }
            skip(TreePath(found: folder.cString), .unreadable)
        }
        foreignFolders = pass.foreign.sorted().map { TreePath(found: table.folders[$0].cString) }
        cache?.folders = [:]
        for (position, mark) in marks.enumerated() where mark != nil {
            cache?.folders[table.folders[position].cString] = mark
        }
    }

    private func look(at table: FolderTable) -> FolderPass {
        cache?.checkRules(
            tracked: table.paths(named: Self.ruleFile), outside: rules.outsideFiles, at: verified)
        while true {
            let known = table.folders.map { cache?.folders[$0.cString] }
            let pass = FolderPass(table, root: root, known: known, trustsMode: trustsMode, verified: verified)
            pass.run()
            let rules = pass.candidates.filter { $0.name == Self.ruleFile && !$0.isFolder }
            let paths = Set(rules.map { Array(table.folders[$0.folder].cString.dropLast() + $0.name) })
            // With new rules a folder that was not listed may have changes.
            if let cache, cache.meet(rules: paths), known.contains(where: { $0 != nil }) { continue }
            return pass
        }
    }

    /// Examines an untracked name; false if it is ignored.
    ///
    /// - Parameter type: The type of file, as in stat(2).
    mutating func meet(_ path: [CChar], type: mode_t) throws(RepositoryError) -> Bool {
        let (name, isFolder) = (TreePath(found: path), type == S_IFDIR)
        if rules.isIgnored(name, isFolder: isFolder) {
            if isFolder { ignoredFolders.append(name) } else { leftOut.append(name) }
            return false
        }
        if let reason = Self.obstacle(to: name, type) {
            skip(name, reason)
            return true
        }
        if isFolder {
            try walk(path)
            return true
        }
        guard let state = try root.state(of: name) else {
            // A file that was just deleted is not found by the next scan either.
            if path.count > Int(PATH_MAX) { skip(name, .pathTooLong) }
            return true
        }
        let last = name.name.dropLast().map { UInt8(bitPattern: $0) }
        if skipsSecrets, SecretName.matches(String(decoding: last, as: UTF8.self)) {
            skip(name, .looksSecret)
            return true
        }
        guard state.st_size <= untrackedLimit else {
            skip(name, .tooLarge(bytes: Int64(state.st_size), limit: untrackedLimit))
            return true
        }
        try examine(path, nil, nil)
        return true
    }

    /// Examines everything in a folder without tracked files.
    private mutating func walk(_ path: [CChar]) throws(RepositoryError) {
        let prefix = path.dropLast() + [CChar(UInt8(ascii: "/"))]
        if try root.state(of: TreePath(found: prefix + Self.gitFolder)) != nil {
            return skip(TreePath(found: path), .nestedRepository)
        }
        let descriptor = root.open(path, O_RDONLY | O_DIRECTORY, links: .none)
        let isGone = [ENOENT, ENOTDIR, ELOOP, EXDEV].contains(errno)
        defer { if descriptor >= 0 { close(descriptor) } }
        guard descriptor >= 0, let entries = try? FolderListing.entries(of: descriptor) else {
            let isTooLong = prefix.count > Int(PATH_MAX)
            if descriptor >= 0 || !isGone { skip(TreePath(found: path), isTooLong ? .pathTooLong : .unreadable) }
            return
        }
        let (ignoredBefore, leftOutBefore) = (ignoredFolders.count, leftOut.count)
        var (meetsIgnored, meetsOthers) = (false, false)
        for entry in entries where entry.name != Self.gitFolder {
            let name = entry.name
            var state = stat()
            // A file that was just deleted is not found by the next scan either.
            _ = fstatat(descriptor, name, &state, AT_SYMLINK_NOFOLLOW)
            guard state.type != 0 else { continue }
            let isOther = try meet(prefix + name, type: state.type)
            if isOther { meetsOthers = true } else { meetsIgnored = true }
        }
        // Tools put a rule into their folder that ignores all of it, including the rule.
        if meetsIgnored, !meetsOthers {
            ignoredFolders.removeSubrange(ignoredBefore...)
            leftOut.removeSubrange(leftOutBefore...)
            ignoredFolders.append(TreePath(found: path))
        }
    }

    mutating func miss(_ path: TreePath) {
        findings.append(Finding(path: path, kind: .deleted, blob: nil))
    }

    /// Reads a file that may have changed, and compares its content.
    mutating func examine(_ path: [CChar], _ position: Int?, _ entry: git_index_entry?) throws(RepositoryError) {
        if let deadline, deadline < .now { throw RepositoryError(.outOfTime, "the scan took too long") }
        let path = TreePath(found: path)
        guard let found = try readFile(path) else { return }
        if let reason = Self.obstacle(to: path, found.state.type) { return skip(path, reason) }
        let mode = found.state.gitMode(besides: entry?.mode, isTrusted: trustsMode)
        guard let oid = try store(found.bytes, at: path, isLink: mode == 0o120000, unless: entry?.id) else { return }
        if let entry, let position, entry.mode == UInt32(mode), oid.equals(entry.id) {
            index.refresh(position, state: found.state, verified: verified)
            return
        }
        let kind: FileChangeKind = entry == nil ? .added : .modified
        findings.append(Finding(path: path, kind: kind, blob: (oid, UInt16(mode), found.state)))
    }

    /// Stores the content of a file or link; one that cannot be converted is skipped, and nil.
    private mutating func store(
        _ bytes: [UInt8], at path: TreePath, isLink: Bool, unless expected: git_oid?
    ) throws(RepositoryError) -> git_oid? {
        if isLink { return try filters.blob(forLinkTo: bytes, unless: expected) }
        do throws(RepositoryError) { return try filters.blob(for: bytes, at: path, unless: expected) } catch {
            guard error.code == .gitCommand || error.code == .unsupported else { throw error }
            skip(path, .notConverted(error.message))
            return nil
        }
    }

    /// Why git cannot have an entry of this name and type; nil if nothing is wrong with it.
    static func obstacle(to path: TreePath, _ type: mode_t) -> SkippedFile.Reason? {
        let name = path.name.dropLast().map { UInt8(bitPattern: $0) }
        if ReservedName.meansGitFolder(name) { return .reservedName }
        switch type {
        case S_IFLNK, S_IFDIR: return ReservedName.meansModules(name) ? .oddModules : nil
        case S_IFIFO: return .special("a pipe")
        case S_IFSOCK: return .special("a socket")
        case S_IFCHR, S_IFBLK: return .special("a device")
        default: return nil
        }
    }

    /// Reads a file or link; an unreadable one is skipped, and the next scan finds one that was just deleted.
    private mutating func readFile(_ path: TreePath) throws(RepositoryError) -> (bytes: [UInt8], state: stat)? {
        do throws(RepositoryError) {
            if let state = try root.state(of: path), state.st_mode & S_IFMT == S_IFLNK {
                return try root.readLink(path)
            }
            return try root.read(path, links: .none)
        } catch {
            skip(path, .unreadable)
            return nil
        }
    }

    /// Makes the tree of what was found, on top of another one; what cannot be put there is skipped.
    mutating func makeTree(onto base: TreeID) throws(RepositoryError) -> TreeID {
        if findings.isEmpty { return base }
        var refused: [TreePath: String] = [:]
        let editor = TreeEditor(repository: repository) { refused[$0] = $1.message }
        let tree = TreeID(try editor.apply(findings.map(\.edit), to: base.oid))
        findings.removeAll { refused[$0.path] != nil }
        for (path, reason) in refused.sorted(by: { $0.key.path < $1.key.path }) { skip(path, .inTheWay(reason)) }
        return tree
    }

    mutating func skip(_ path: TreePath, _ reason: SkippedFile.Reason) {
        skipped.append(SkippedFile(path: path.path, reason: reason))
        leftOut.append(path)
    }

    static let gitFolder: [CChar] = ".git".utf8CString.map { $0 }
    private static let ruleFile: [CChar] = ".gitignore".utf8CString.map { $0 }
}

extension FolderPass.Candidate {
    fileprivate var isFolder: Bool { Int(type) == Int(DT_DIR) }
    /// The type as in stat(2), of which readdir(3) has the upper bits.
    fileprivate var fileType: mode_t { mode_t(type) << 12 }
    fileprivate var text: String { String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self) }
}
