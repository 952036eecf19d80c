extension GitRepository {
    /// Writes the commits of a plan on top of a commit with the difference's tree before; moves no reference.
    ///
    /// Each tree is the tree before with the pieces of all commits so far; the last one must be the tree after.
    ///
    /// - Throws: `inTheWay` if the pieces of a commit do not apply alone, such as a file in a folder that is still a
    ///   file, and `mismatch` if the first or the last tree is another one.
    public func writeSeries(
        _ plan: SeriesPlan, of diff: TreeDiff, onto parent: CommitID, author: Signature
    ) throws(RepositoryError) -> [CommitID] {
        guard try treeID(of: parent) == diff.old else {
            throw RepositoryError(.mismatch, "the series does not start from the tree of \(parent.hex.prefix(10))")
        }
        // All trees before the first commit, so that a late failure leaves no commits.
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
