import OS

extension GitRepository {
    /// Makes the commits of patches upon a base, and no reference to them (git-am(1)).
    ///
    /// The author of a patch becomes its committer, at the same time: patches of commits that their author has committed
    /// make the very same commits.
    ///
    /// - Parameters:
    ///   - files: The patches in their order, a commit each.
    ///   - folder: A place for the checkout that `git am` works in; it must not be there yet, and is removed.
    /// - Throws: `gitCommand` if a patch does not apply; otherwise as ``checkOut(_:into:)``.
    public func commits(
        ofPatches files: [String], upon base: CommitID, in folder: String
    ) throws(RepositoryError) -> CommitID {
        let root = try checkOut(base, into: folder)
        let parent = root.lastIndex(of: "/").map { String(root[..<$0]) } ?? "/"
        // What cannot be removed is known to git as Graft's own, and is found by a clean-up.
        defer { try? removeWorkingTree(at: root, in: parent) }
        let git = GitCommand(
            gitDirectory: try gitDirectory(of: root), workTree: root, environment: environment, limit: .seconds(300))
        _ = try git.run(
            [
                "-c", "commit.gpgSign=false", "-c", "am.threeWay=false", "am", "--quiet", "--no-scissors",
                "--no-message-id", "--no-signoff", "--keep-cr", "--whitespace=nowarn", "--",
            ] + files)
        let head = String(decoding: try git.run(["rev-parse", "HEAD"]), as: UTF8.self).prefix { !$0.isNewline }
        guard let tip = CommitID(String(head)) else {
            throw RepositoryError(.gitCommand, "git am in \(root) left no commit")
        }
        var last = base
        for commit in try chain(from: base, to: tip) {
            last = try writeCommit(
                tree: commit.tree, parent: last, message: commit.messageBytes, encoding: commit.encoding,
                authorOf: commit.id, committer: commit.author)
        }
        return last
    }
}
