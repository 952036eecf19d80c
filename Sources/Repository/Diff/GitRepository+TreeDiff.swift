import CGit
import Glibc

extension GitRepository {
    /// Compares two trees, with three lines of context around each change (git_diff_tree_to_tree).
    ///
    /// - Parameters:
    ///   - findsRenames: Whether a deletion and an addition of similar content become a rename.
    ///   - textLimit: Takes every file of at most so many bytes for text, whatever its bytes and its attributes say, and
    ///     each larger one for binary; nil for what git takes for text.
    /// - Throws: `notFound` if a tree is missing.
    public func treeDiff(
        from old: TreeID, to new: TreeID, findsRenames: Bool = true, textLimit: Int? = nil
    ) throws(RepositoryError) -> TreeDiff {
        let diff = try compare(old, new, findsRenames: findsRenames, textLimit: textLimit)
        defer { git_diff_free(diff) }
        var files: [FileDiff] = []
        for position in 0..<git_diff_num_deltas(diff) {
            files.append(try file(at: position, of: diff))
        }
        return TreeDiff(old: old, new: new, files: files)
    }

    /// Compares two trees; the caller frees the result (git_diff_find_similar).
    func compare(
        _ old: TreeID, _ new: TreeID, findsRenames: Bool, textLimit: Int? = nil
    ) throws(RepositoryError) -> OpaquePointer {
        // libgit2 looks for attributes in the index, too.
        try doWithoutUnreadableIndex()
        let (oldTree, newTree) = (try lookUp(old), try lookUp(new))
        defer {
            git_tree_free(oldTree)
            git_tree_free(newTree)
        }
        var found: OpaquePointer?
        // A file that becomes a link is one change, not a deletion and an addition of one path.
        var options = git_diff_options()
        git_diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION))
        options.flags = GIT_DIFF_INCLUDE_TYPECHANGE.rawValue
        if let textLimit {
            options.flags |= GIT_DIFF_FORCE_TEXT.rawValue
            options.max_size = git_off_t(textLimit)
        }
        try check(git_diff_tree_to_tree(&found, pointer, oldTree, newTree, &options), "compare \(old) with \(new)")
        let diff = try unwrap(found, "diff")
        guard findsRenames else { return diff }
        do throws(RepositoryError) {
            try check(git_diff_find_similar(diff, nil), "find renames between \(old) and \(new)")
        } catch {
            git_diff_free(diff)
            throw error
        }
        return diff
    }

    private func lookUp(_ tree: TreeID) throws(RepositoryError) -> OpaquePointer {
        var oid = tree.oid
        var found: OpaquePointer?
        try check(git_tree_lookup(&found, pointer, &oid), "read the tree \(tree)")
        return try unwrap(found, "tree")
    }

    private func file(at position: Int, of diff: OpaquePointer) throws(RepositoryError) -> FileDiff {
        var made: OpaquePointer?
        try check(git_patch_from_diff(&made, diff, position), "compare a file")
        defer { git_patch_free(made) }
        let delta = try unwrap(git_diff_get_delta(diff, position), "changed file").pointee
        let old = delta.status == GIT_DELTA_ADDED ? nil : TreeEntry(delta.old_file)
        let new = delta.status == GIT_DELTA_DELETED ? nil : TreeEntry(delta.new_file)
        let isBinary = delta.flags & GIT_DIFF_FLAG_BINARY.rawValue != 0
        var hunks: [DiffHunk] = []
        if let made, !isBinary {
            for hunk in 0..<git_patch_num_hunks(made) { hunks.append(try self.hunk(hunk, of: made)) }
        }
        return FileDiff(
            oldPath: old?.path.path, newPath: new?.path.path, kind: FileChangeKind(delta.status),
            oldMode: old?.mode ?? 0, newMode: new?.mode ?? 0, isBinary: isBinary, hunks: hunks, old: old, new: new)
    }

    private func hunk(_ position: Int, of patch: OpaquePointer) throws(RepositoryError) -> DiffHunk {
        var header: UnsafePointer<git_diff_hunk>?
        var count = 0
        try check(git_patch_get_hunk(&header, &count, patch, position), "read a hunk")
        let hunk = try unwrap(header, "hunk").pointee
        var lines: [DiffLine] = []
        for index in 0..<count {
            var found: UnsafePointer<git_diff_line>?
            try check(git_patch_get_line_in_hunk(&found, patch, position, index), "read a line of a hunk")
            if let line = DiffLine(try unwrap(found, "line").pointee) { lines.append(line) }
        }
        return DiffHunk(
            oldStart: Int(hunk.old_start), oldCount: Int(hunk.old_lines), newStart: Int(hunk.new_start),
            newCount: Int(hunk.new_lines), heading: hunk.heading, lines: lines)
    }
}

extension FileChangeKind {
    init(_ status: git_delta_t) {
        switch status {
        case GIT_DELTA_ADDED, GIT_DELTA_COPIED: self = .added
        case GIT_DELTA_DELETED: self = .deleted
        case GIT_DELTA_RENAMED: self = .renamed
        default: self = .modified
        }
    }
}

extension TreeEntry {
    fileprivate init?(_ file: git_diff_file) {
        guard let path = file.path else { return nil }
        let name = Array(UnsafeBufferPointer(start: path, count: strlen(path) + 1))
        self.init(path: TreePath(found: name), blob: file.id, mode: file.mode)
    }
}

extension DiffLine {
    /// Makes a line; nil for libgit2's notes about a missing line feed.
    fileprivate init?(_ line: git_diff_line) {
        let kind: Kind
        switch UInt32(bitPattern: Int32(line.origin)) {
        case GIT_DIFF_LINE_CONTEXT.rawValue: kind = .context
        case GIT_DIFF_LINE_ADDITION.rawValue: kind = .added
        case GIT_DIFF_LINE_DELETION.rawValue: kind = .removed
        default: return nil
        }
        self.init(
            kind: kind, bytes: Array(UnsafeRawBufferPointer(start: line.content, count: line.content_len)),
            oldNumber: kind == .added ? nil : Int(line.old_lineno),
            newNumber: kind == .removed ? nil : Int(line.new_lineno))
    }
}

extension git_diff_hunk {
    /// The text after the second "@@".
    fileprivate var heading: String {
        let line = withUnsafeBytes(of: header) { String(decoding: $0.prefix(header_len), as: UTF8.self) }
        guard let end = line.dropFirst(2).firstRange(of: "@@")?.upperBound else { return "" }
        return line[end...].split(whereSeparator: \.isNewline).first.map { String($0.drop { $0 == " " }) } ?? ""
    }
}
