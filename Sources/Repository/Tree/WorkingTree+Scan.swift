import Glibc
public import Text

/// The changes on disk since the last commit, ready to be committed.
public struct FoundChanges: Sendable {
    /// One changed file.
    public struct File: Sendable, Hashable {
        /// Its path.
        public let path: BytePath
        /// The kind of change; a rename is a deletion and an addition.
        public let kind: FileChangeKind
    }

    /// The commit with which the files were compared.
    public let base: CommitID
    /// What is not committed: large untracked files, nested repositories, what lies in submodules, and what cannot be
    /// read, converted or stored under its name.
    public let skipped: [SkippedFile]
    /// The tree with the changes.
    let tree: TreeID
    let findings: [TreeScan.Finding]
    let verified: timespec

    /// Whether there is nothing to commit.
    public var isEmpty: Bool { findings.isEmpty }
    /// The changed files, ordered by path.
    public var files: [File] {
        findings.map { File(path: $0.path.path, kind: $0.kind) }.sorted { $0.path < $1.path }
    }
}

extension WorkingTree {
    /// Whether a scan takes about a millisecond: in a small tree, and in an overlay, where it costs what has changed.
    public var isScannedQuickly: Bool { overlaid != nil || index.count <= Self.fewFiles }

    private static let fewFiles = 2000

    /// Finds what commands have changed in the tree since the last commit: new, modified and deleted files and
    /// modes, not ignored ones.
    ///
    /// Untracked files above `untrackedByteLimit`, nested repositories, and entries that git refuses or that cannot be
    /// read or converted are reported, not stored; so is what is changed in submodules that are watched. Only files with a changed state (size, times,
    /// inode) are read. The contents are stored at once, so that the commit has what the scan saw.
    ///
    /// - Parameter limit: The time after which no further file is read.
    /// - Throws: `outOfTime` at the limit, `system` or `library` if the repository takes no objects.
    public func scan(within limit: Duration? = nil) throws(RepositoryError) -> FoundChanges {
        var scan = TreeScan(
            root: folder, index: index, filters: filters,
            rules: repository.ignoreRules(for: folder, index: index, own: ownRules), repository: handle.pointer,
            untrackedLimit: untrackedByteLimit, trustsMode: trustsMode, cache: cache,
            overlaid: overlaid)
        scan.deadline = limit.map { .now + $0 }
        let now = timespec.now
        try scan.run()
        let tree = try scan.makeTree(onto: try repository.treeID(of: head))
        let skipped = scan.skipped + watches.flatMap { $0.changes() }
        return FoundChanges(base: head, skipped: skipped, tree: tree, findings: scan.findings, verified: now)
    }
}
