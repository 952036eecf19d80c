import Glibc

/// The changes on disk since the last commit, ready to be committed.
public struct FoundChanges: Sendable {
    /// One changed file.
    public struct File: Sendable, Hashable {
        /// Its path; invalid UTF-8 becomes U+FFFD.
        public let path: String
        /// The kind of change; a rename is a deletion and an addition.
        public let kind: FileChangeKind
    }

    /// The commit with which the files were compared.
    public let base: CommitID
    /// Large untracked files, nested repositories and unreadable files, which are not committed.
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
    /// Untracked files above `untrackedByteLimit` and nested repositories are reported, not stored; submodules are
    /// ignored. Only files with a changed state (size, times, inode) are read. The contents are stored as blobs at
    /// once, so that the commit has what the scan saw.
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
