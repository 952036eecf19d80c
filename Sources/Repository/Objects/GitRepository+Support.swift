import CGit
import Glibc
import Text

extension GitRepository {
    /// Refuses an unsupported repository or kernel, before anything is made; fails with `unsupported` and the next
    /// step.
    ///
    /// Unsupported are filter drivers with a program in the working tree, a replaced HEAD, which libgit2 reads
    /// differently from git, and a kernel without openat2(2).
    public func requireSupport(startingAt base: CommitID) throws(RepositoryError) {
        _ = try RootedFolder(workingDirectory)
        let tree = try treeID(of: base)
        let drivers = FilterDrivers(of: pointer, root: workingDirectory, environment: environment)
        try drivers.refuseProgramsOfTree()
        try drivers.refuseProgramsOfTree(isFile: { isFile($0, in: tree) })
        for id in [base.hex, tree.hex] where try target(of: "refs/replace/\(id)") != nil {
            throw RepositoryError(
                .unsupported,
                "HEAD of \(workingDirectory) is replaced by git replace, which Graft does not follow",
                nextStep: "take the replacement away with: git replace -d \(id)")
        }
    }

    /// Whether the user's commits are signed, unlike those of Graft (commit.gpgSign).
    public var signsCommits: Bool { isConfigured("commit.gpgSign", default: false) }

    /// Whether objects may be missing that git fetches on demand (extensions.partialClone, remote.<name>.promisor).
    var isPartialClone: Bool {
        if configured("extensions.partialClone") != nil { return true }
        var (config, iterator): (OpaquePointer?, OpaquePointer?) = (nil, nil)
        guard git_repository_config_snapshot(&config, pointer) == 0 else { return false }
        defer {
            git_config_iterator_free(iterator)
            git_config_free(config)
        }
        guard git_config_iterator_glob_new(&iterator, config, "^remote\\..*\\.promisor$") == 0 else { return false }
        var entry: UnsafeMutablePointer<git_config_entry>?
        return git_config_next(&entry, iterator) == 0
    }

    /// Whether a tree has a file at a path.
    func isFile(_ path: String, in tree: TreeID) -> Bool {
        // An invalid path is not a file.
        guard let path = try? TreePath(BytePath(path)), let entry = try? entry(at: path, in: tree) else { return false }
        return entry.mode & 0o170000 != 0o040000 && entry.mode != 0o160000
    }
}
