/// The root of a linked working tree, and git's folder for it.
struct LinkedPlace {
    /// The root of the files, with links resolved.
    let root: String
    /// `worktrees/<name>` in the common folder.
    let administration: String

    /// Writes the `.git` file that leads to git's folder for the tree.
    func writeGitFile(in folder: String) throws(RepositoryError) {
        try GitRepository.write(Array("gitdir: \(administration)\n".utf8), to: "\(folder)/.git")
    }
}
