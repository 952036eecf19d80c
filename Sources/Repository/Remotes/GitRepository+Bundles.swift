import Glibc
import OS

extension GitRepository {
    /// Takes the commits out of a bundle with exactly one branch, and makes no reference to them (git-bundle(1)); returns the
    /// last one.
    ///
    /// A bundle may come from anybody: its objects are checked as those of a stranger's repository.
    ///
    /// - Throws: `notFound` if it is not there, `unsupported` for anything but one branch, or too large a file,
    ///   `gitCommand` if git refuses it, as for a bundle upon commits that are not here.
    public func takeBundle(_ path: String, byteLimit: Int) throws(RepositoryError) -> CommitID {
        guard let file = FilePath.resolved(path) else {
            throw RepositoryError(.notFound, "there is no bundle \(path)")
        }
        var status = stat()
        guard stat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw RepositoryError(.notARegularFile, "the bundle \(path) is not a file")
        }
        guard status.st_size <= byteLimit else {
            throw RepositoryError(.unsupported, "the bundle \(path) has more than \(byteLimit) bytes")
        }
        let git = GitCommand(
            gitDirectory: gitDirectory, workTree: workingDirectory, environment: environment, limit: .seconds(300),
            variables: ["GIT_ALLOW_PROTOCOL": "file"])
        let lines = String(decoding: try git.run(["bundle", "list-heads", file]), as: UTF8.self)
            .split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1) }
        guard lines.count == 1, lines[0].count == 2, let commit = CommitID(String(lines[0][0])),
            lines[0][1].hasPrefix("refs/heads/")
        else {
            let names = lines.compactMap(\.last).prefix(5).joined(separator: ", ")
            throw RepositoryError(
                .unsupported,
                "the bundle \(path) must hold exactly one branch, and has \(names.isEmpty ? "none" : names)")
        }
        let reference = String(lines[0][1])
        _ = try git.run([
            "-c", "fetch.fsckObjects=true", "fetch", "--quiet", "--no-tags", "--no-write-fetch-head",
            "--no-recurse-submodules", "--no-auto-maintenance", "--", file, reference,
        ])
        return commit
    }
}
