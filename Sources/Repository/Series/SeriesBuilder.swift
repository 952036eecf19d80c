extension GitRepository {
    /// Writes the commits of a plan on top of a commit whose tree is the difference's tree before.
    ///
    /// The tree of each is the tree before with the pieces of all commits up to it; the last one must be the tree
    /// after, byte for byte. Nothing names the commits yet. Fails with `inTheWay` where the pieces of a commit cannot
    /// stand alone, as a file in a folder that is still a file, and with `mismatch` where something does not add up.
    public func writeSeries(
        _ plan: SeriesPlan, of diff: TreeDiff, onto parent: CommitID, author: Signature
    ) throws(RepositoryError) -> [CommitID] {
        guard try treeID(of: parent) == diff.old else {
            throw RepositoryError(.mismatch, "the series does not start from the tree of \(parent.hex.prefix(10))")
        }
        // All trees before the first commit: a plan that fails late leaves no commits about.
        var taken: Set<Int> = []
        var trees: [TreeID] = []
        for commit in plan.commits {
            taken.formUnion(commit.pieces)
            trees.append(try tree(taking: taken, of: diff))
        }
        guard trees.last == diff.new else {
            throw RepositoryError(.mismatch, "the series does not end at the tree of the last step")
        }
        var commits: [CommitID] = []
        for (commit, tree) in zip(plan.commits, trees) {
            commits.append(
                try writeCommit(
                    tree: tree, parent: commits.last ?? parent, message: commit.message, author: author))
        }
        return commits
    }
}
