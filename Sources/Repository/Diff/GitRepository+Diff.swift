import CGit
public import Text

/// The kind of a change to a file.
public enum FileChangeKind: String, Sendable, Hashable {
    /// It was added.
    case added = "A"
    /// Its content, mode or type changed.
    case modified = "M"
    /// It was deleted.
    case deleted = "D"
    /// It was renamed.
    case renamed = "R"
}

/// One file that differs between two commits.
public struct ChangedFile: Sendable, Hashable {
    /// The path, the new one after a rename.
    public let path: BytePath
    /// The path before a rename.
    public let oldPath: BytePath?
    /// The kind of change.
    public let kind: FileChangeKind
    /// The number of added lines; 0 for a binary file.
    public let added: Int
    /// The number of removed lines; 0 for a binary file.
    public let removed: Int
}

extension GitRepository {
    /// The difference between two commits as a unified patch in git's format, with renames.
    ///
    /// Invalid UTF-8 becomes U+FFFD: the text is for display, not for `git apply`.
    ///
    /// - Throws: `notFound` if a commit is missing.
    public func diff(from old: CommitID, to new: CommitID) throws(RepositoryError) -> String {
        let diff = try compare(treeID(of: old), treeID(of: new), findsRenames: true)
        defer { git_diff_free(diff) }
        var text = git_buf()
        defer { git_buf_dispose(&text) }
        try check(git_diff_to_buf(&text, diff, GIT_DIFF_FORMAT_PATCH), "write the patch from \(old) to \(new)")
        return String(decoding: UnsafeRawBufferPointer(start: text.ptr, count: text.size), as: UTF8.self)
    }

    /// The files that differ between two commits, ordered by path.
    ///
    /// - Throws: `notFound` if a commit is missing.
    public func changedFiles(from old: CommitID, to new: CommitID) throws(RepositoryError) -> [ChangedFile] {
        let diff = try compare(treeID(of: old), treeID(of: new), findsRenames: true)
        defer { git_diff_free(diff) }
        var files = [ChangedFile]()
        for position in 0..<git_diff_num_deltas(diff) {
            guard let delta = git_diff_get_delta(diff, position)?.pointee else { continue }
            var patch: OpaquePointer?
            try check(git_patch_from_diff(&patch, diff, position), "compare \(old) with \(new)")
            defer { git_patch_free(patch) }
            var (added, removed) = (0, 0)
            if patch != nil { try check(git_patch_line_stats(nil, &added, &removed, patch), "count changed lines") }
            let kind = FileChangeKind(delta.status)
            let path = BytePath(cString: try unwrap(delta.new_file.path ?? delta.old_file.path, "path"))
            let oldPath = kind == .renamed ? delta.old_file.path.map { BytePath(cString: $0) } : nil
            files.append(ChangedFile(path: path, oldPath: oldPath, kind: kind, added: added, removed: removed))
        }
        return files
    }
}
