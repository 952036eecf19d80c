import Glibc

/// What has changed on disk since the last commit, ready to be committed.
public struct FoundChanges: Sendable {
    /// One changed file.
    public struct File: Sendable, Hashable {
        /// Its path; bytes that are not UTF-8 are shown as U+FFFD.
        public let path: String
        /// What happened to it; a rename is a deletion and an addition.
        public let kind: FileChangeKind
    }

    /// The commit the files were compared with.
    public let base: CommitID
    /// Large untracked files, nested repositories and unreadable files, which stay out of the commit.
    public let skipped: [SkippedFile]
    let findings: [TreeScan.Finding]
    let verified: timespec

    /// Whether there is nothing to commit.
    public var isEmpty: Bool { findings.isEmpty }
    /// The changed files, ordered by path.
    public var files: [File] {
        findings.map { File(path: $0.path.text, kind: $0.kind) }.sorted {
            $0.path.utf8.lexicographicallyPrecedes($1.path.utf8)
        }
    }
}

extension WorkingTree {
    /// Finds what commands have changed in the tree since the last commit: new, modified and deleted files and
    /// modes, not ignored ones.
    ///
    /// Untracked files above `untrackedByteLimit` and nested repositories are named, not stored; submodules are
    /// left alone. Only files whose state (size, times, inode) is not the known one are read. The content of what
    /// is found is stored as blobs at once, so that the commit is of what the scan saw.
    ///
    /// - Throws: `unsupported` for a filter driver that lies in the tree, `gitCommand` if a filter fails, `system` if a
    ///   file cannot be read.
    public func scan() throws(RepositoryError) -> FoundChanges {
        var scan = TreeScan(
            root: folder, index: index, filters: filters,
            rules: repository.ignoreRules(for: folder, index: index, own: ownRules), repository: handle.pointer,
            untrackedLimit: untrackedByteLimit, trustsMode: trustsMode, cache: cache,
            overlaid: overlaid)
        let now = timespec.now
        try scan.run()
        return FoundChanges(base: head, skipped: scan.skipped, findings: scan.findings, verified: now)
    }
}
