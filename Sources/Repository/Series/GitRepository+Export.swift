extension GitRepository {
    /// The commits between two as mail (git-format-patch(1)), independent of the user's configuration.
    ///
    /// - Throws: `gitCommand` if the `git` command fails or takes too long.
    public func mail(from base: CommitID, to tip: CommitID) throws(RepositoryError) -> [UInt8] {
        try exporter.run(
            [
                "-c", "format.coverLetter=false", "-c", "format.numbered=false", "-c", "format.useAutoBase=false",
                "-c", "diff.noprefix=false", "-c", "diff.mnemonicPrefix=false", "-c", "color.ui=false",
                "format-patch", "--stdout", "--binary", "--full-index", "--no-attach", "--no-thread", "--no-signature",
                "--no-notes", "--no-ext-diff", "--no-textconv", "--subject-prefix=PATCH", "--src-prefix=a/",
                "--dst-prefix=b/", "\(base.hex)..\(tip.hex)",
            ])
    }

    /// A bundle of a reference (full name) and its commits since a base, for `git fetch` (git-bundle(1)).
    ///
    /// - Throws: `gitCommand` if the `git` command fails, as for a reference without new commits, or takes too long.
    public func bundle(of reference: String, since base: CommitID) throws(RepositoryError) -> [UInt8] {
        try exporter.run(["bundle", "create", "--quiet", "-", reference, "^\(base.hex)"])
    }

    private var exporter: GitCommand {
        GitCommand(
            gitDirectory: gitDirectory, workTree: workingDirectory, environment: environment, limit: .seconds(600))
    }
}
