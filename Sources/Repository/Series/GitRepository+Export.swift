extension GitRepository {
    /// The commits after one up to another, along the first parents, as a mailbox from which git-am(1) makes the same
    /// trees and, as far as it keeps any message as it is, the same messages; independent of the user's configuration.
    ///
    /// A commit that changes nothing is left out: git-am stops at one.
    ///
    /// - Throws: `notFound` if the first parents of `tip` do not lead to `base`; `gitCommand` if the `git` command fails
    ///   or takes too long.
    public func mail(from base: CommitID, to tip: CommitID) throws(RepositoryError) -> [UInt8] {
        try mails(from: base, to: tip).flatMap(\.mail)
    }

    /// The commits after one up to another as mails, see ``mail(from:to:)``.
    ///
    /// - Parameter limit: How long `git` may take.
    public func mails(
        from base: CommitID, to tip: CommitID, within limit: Duration = .seconds(600)
    ) throws(RepositoryError) -> [(commit: CommitRecord, mail: [UInt8])] {
        let commits = try chain(from: base, to: tip)
        var trees = [try treeID(of: base)]
        trees += commits.map(\.tree)
        // Of two trees, diff-tree shows the changes below a line with their ids.
        let titles = zip(trees, trees.dropFirst()).map { Array("\($0.hex) \($1.hex)\n".utf8) }
        let changes = try exporter(limit).run(
            [
                "-c", "diff.suppressBlankEmpty=false", "diff-tree", "--stdin", "-r", "--patch-with-stat", "--binary",
                "--full-index", "-M", "-U3", "--no-color", "--no-ext-diff", "--no-textconv", "--no-relative",
                "--submodule=short", "--ignore-submodules=none", "--src-prefix=a/", "--dst-prefix=b/",
            ], input: titles.flatMap { $0 })
        return zip(commits, Self.parts(of: changes, below: titles)).compactMap { commit, changes in
            changes.isEmpty ? nil : (commit, CommitMail(commit, changes: changes).bytes)
        }
    }

    /// A bundle of a reference (full name) and its commits since a base, for `git fetch` (git-bundle(1)).
    ///
    /// - Parameter limit: How long `git` may take.
    /// - Throws: `gitCommand` if the `git` command fails, as for a reference without new commits, or takes too long.
    public func bundle(
        of reference: String, since base: CommitID, within limit: Duration = .seconds(600)
    ) throws(RepositoryError) -> [UInt8] {
        try exporter(limit).run(["bundle", "create", "--quiet", "-", reference, "^\(base.hex)"])
    }

    /// What stands below each of the title lines, which come in this order; no line of a diff looks like one.
    private static func parts(of text: [UInt8], below titles: [[UInt8]]) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var (start, position) = (0, 0)
        var next = titles[...]
        while position < text.count {
            let end = text[position...].firstIndex(of: 0x0A).map { $0 + 1 } ?? text.count
            if let title = next.first, text[position..<end].elementsEqual(title) {
                if next.count < titles.count { parts.append(text[start..<position]) }
                start = end
                next.removeFirst()
            }
            position = end
        }
        parts.append(text[start...])
        return parts
    }

    private func exporter(_ limit: Duration) -> GitCommand {
        // The variable sets the number of context lines, whatever the options say.
        GitCommand(
            gitDirectory: gitDirectory, workTree: workingDirectory,
            environment: environment.filter { $0.key != "GIT_DIFF_OPTS" }, limit: limit)
    }
}
