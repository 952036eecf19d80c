import CGit

extension GitRepository {
    /// The result of a pick.
    enum Pick {
        case tree(TreeID)
        case conflicts([FileConflict])
    }

    /// Applies the change from one tree to another onto a third, in memory (git_merge_trees).
    func pick(from old: TreeID, to new: TreeID, onto current: TreeID) throws(RepositoryError) -> Pick {
        if old == current { return .tree(new) }
        if old == new { return .tree(current) }
        var trees: [OpaquePointer?] = []
        defer { trees.forEach { git_tree_free($0) } }
        for tree in [old, current, new] {
            var oid = tree.oid
            var found: OpaquePointer?
            try check(git_tree_lookup(&found, pointer, &oid), "read the tree \(tree)")
            trees.append(found)
        }
        var options = git_merge_options()
        git_merge_options_init(&options, UInt32(GIT_MERGE_OPTIONS_VERSION))
        var made: OpaquePointer?
        try check(git_merge_trees(&made, pointer, trees[0], trees[1], trees[2], &options), "merge three trees")
        let index = try unwrap(made, "index")
        defer { git_index_free(index) }
        if git_index_has_conflicts(index) != 0 {
            return .conflicts(try ConflictReader(repository: self).conflicts(in: index))
        }
        var oid = git_oid()
        try check(git_index_write_tree_to(&oid, index, pointer), "write a merged tree")
        return .tree(TreeID(oid))
    }

    /// Writes a commit with the author of another one and a given committer; the message is taken verbatim.
    func writeCommit(
        tree: TreeID, parent: CommitID, message: [UInt8], encoding: String?, authorOf source: CommitID,
        committer: Signature
    ) throws(RepositoryError) -> CommitID {
        let original = try lookUp(source)
        defer { git_commit_free(original) }
        let committerPointer = try committer.allocated()
        defer { git_signature_free(committerPointer) }
        var treeOID = tree.oid
        var treePointer: OpaquePointer?
        try check(git_tree_lookup(&treePointer, pointer, &treeOID), "read the tree \(tree)")
        defer { git_tree_free(treePointer) }
        var parents: [OpaquePointer?] = [try lookUp(parent)]
        defer { parents.forEach { git_commit_free($0) } }
        let text = message.map { CChar(bitPattern: $0) } + [0]
        var id = git_oid()
        try check(
            git_commit_create(
                &id, pointer, nil, git_commit_author(original), committerPointer, encoding, text, treePointer, 1,
                &parents), "write a commit", next: "check the free disk space")
        return CommitID(id)
    }
}
