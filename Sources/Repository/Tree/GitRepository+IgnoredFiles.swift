extension GitRepository {
    /// The files of the checkout that git ignores, relative to its root; of a folder that is ignored as a whole none
    /// (git-ls-files(1)).
    ///
    /// - Throws: `gitCommand` if the `git` command fails or takes too long.
    public func ignoredFiles() throws(RepositoryError) -> [String] {
        let command = GitCommand(gitDirectory: gitDirectory, workTree: workingDirectory, environment: environment)
        let names = try command.run(["ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory"])
        return names.split(separator: 0).filter { $0.last != UInt8(ascii: "/") }.map {
            String(decoding: $0, as: UTF8.self)
        }
    }
}
