import CGit

extension GitRepository {
    /// The difference between two commits as a unified patch for `git apply`: exact bytes, with renames and binary
    /// files.
    ///
    /// - Throws: `notFound` if a commit is missing.
    public func patch(from old: CommitID, to new: CommitID) throws(RepositoryError) -> [UInt8] {
        var trees: [OpaquePointer?] = []
        defer { trees.forEach { git_tree_free($0) } }
        for commit in [old, new] {
            var oid = try treeID(of: commit).oid
            var found: OpaquePointer?
            try check(git_tree_lookup(&found, pointer, &oid), "read the tree of \(commit)")
            trees.append(found)
        }
        var options = git_diff_options()
        git_diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION))
        options.flags = GIT_DIFF_SHOW_BINARY.rawValue
        options.id_abbrev = 40
        var made: OpaquePointer?
        try check(
            git_diff_tree_to_tree(&made, pointer, trees[0], trees[1], &options), "compare \(old) with \(new)")
        defer { git_diff_free(made) }
        try check(git_diff_find_similar(made, nil), "find renames between \(old) and \(new)")
        var text = git_buf()
        defer { git_buf_dispose(&text) }
        try check(git_diff_to_buf(&text, made, GIT_DIFF_FORMAT_PATCH), "write the patch from \(old) to \(new)")
        return Array(UnsafeRawBufferPointer(start: text.ptr, count: text.size))
    }
}
