import CGit
import Glibc
import OS

/// The user's uncommitted work.
public struct UncommittedWork: Sendable {
    /// The files on disk as a tree; nil if it is the tree of HEAD.
    public let tree: TreeID?
    /// What the tree lacks: large untracked files, nested repositories, and what cannot be read, converted or stored
    /// under its name.
    public let skipped: [SkippedFile]
    /// Ignored folders such as dependencies and build products, topmost ones only, relative to the root; those of which
    /// the name is UTF-8.
    public let ignoredFolders: [String]
    /// The same folders as paths of git, and what else the tree lacks: ignored and skipped files.
    let lacking: (folders: [TreePath], others: [TreePath])
    /// Folders with tracked files and another owner, group or file system, or with such files.
    let foreignFolders: [TreePath]

    /// Makes a value; see the properties.
    public init(tree: TreeID?, skipped: [SkippedFile], ignoredFolders: [String]) {
        self.tree = tree
        self.skipped = skipped
        self.ignoredFolders = ignoredFolders
        (lacking, foreignFolders) = (([], []), [])
    }

    init(tree: TreeID?, _ scan: TreeScan) {
        self.tree = tree
        skipped = scan.skipped
        ignoredFolders = scan.ignoredFolders.compactMap { String(validating: $0.bytes, as: UTF8.self) }
        lacking = (scan.ignoredFolders, scan.leftOut)
        foreignFolders = scan.foreignFolders
    }
}

extension GitRepository {
    /// Stores the uncommitted work (staged, unstaged, and untracked but not ignored) as a tree; the tree is nil if
    /// there is none.
    ///
    /// Index, HEAD, stash and files stay unchanged; only objects are added. Untracked files above `untrackedLimit`
    /// bytes are left out and reported, and so are those that are named like secrets, unless `takesSecrets`. Fails with `conflicts` while a merge has conflicts. A split or sparse index,
    /// which libgit2 cannot read, is first copied to `privateFolder` by the `git` command.
    public func uncommittedWork(
        untrackedLimit: Int64 = 8 << 20, takesSecrets: Bool = false, privateFolder: String
    ) throws(RepositoryError) -> UncommittedWork {
        var handle = handle
        // If libgit2 cannot read the index, git converts the copy or reports the reason.
        var known = try? CachedIndex(path: "\(gitDirectory)/index")
        if known == nil {
            let copy = try copyIndex(into: privateFolder)
            handle = copy.handle
            known = try CachedIndex(path: copy.path)
        }
        let index = try unwrap(known, "index")
        guard !index.hasConflicts else {
            throw RepositoryError(
                .conflicts, "the index of \(workingDirectory) has conflicts",
                nextStep: "finish or abort the merge or rebase first")
        }
        let command = GitCommand(gitDirectory: gitDirectory, workTree: workingDirectory, environment: environment)
        let root = try RootedFolder(workingDirectory)
        var scan = TreeScan(
            root: root, index: index, filters: ContentFilters(handle, command: command),
            rules: ignoreRules(for: root, index: index), repository: handle.pointer, untrackedLimit: untrackedLimit,
            trustsMode: isConfigured("core.fileMode", default: true), skipsSecrets: !takesSecrets)
        try scan.run()
        let staged = try index.writeTree(to: pointer)
        let tree = try scan.makeTree(onto: staged)
        let isClean =
            if let commit = try head.commit { try treeID(of: commit) == tree } else {
                index.count == 0 && scan.findings.isEmpty
            }
        return UncommittedWork(tree: isClean ? nil : tree, scan)
    }

    /// Copies the user's index to a folder of Graft's, in a form that libgit2 can read.
    ///
    /// Returns the copy, and the repository with that index if libgit2 cannot read the user's own.
    func copyIndex(into folder: String) throws(RepositoryError) -> (path: String, handle: RepositoryHandle) {
        let copy = "\(folder)/index"
        guard let bytes = try Self.file("\(gitDirectory)/index") else {
            unlink(copy)
            return (copy, handle)
        }
        try Self.write(bytes, to: copy)
        if Self.canRead(copy) { return (copy, handle) }
        let command = GitCommand(gitDirectory: gitDirectory, workTree: workingDirectory, environment: environment)
        _ = try command.run(["update-index", "--no-split-index", "--force-write-index"], index: copy)

        // libgit2 also looks up attributes and ignore rules in the repository's index (git_repository_set_index).
        var (repository, index): (OpaquePointer?, OpaquePointer?) = (nil, nil)
        try check(git_repository_open(&repository, workingDirectory), "open \(workingDirectory)")
        let handle = RepositoryHandle(try unwrap(repository, "repository"))
        try check(git_index_open(&index, copy), "read the index \(copy)", code: .unsupported)
        defer { git_index_free(index) }
        try check(git_repository_set_index(handle.pointer, index), "use the index \(copy)")
        return (copy, handle)
    }

    private static func canRead(_ index: String) -> Bool {
        var opened: OpaquePointer?
        defer { git_index_free(opened) }
        return git_index_open(&opened, index) == 0
    }

    /// Reads a small file of git's; nil if it is missing.
    static func file(_ path: String) throws(RepositoryError) -> [UInt8]? {
        let whole = TreePath(found: path.utf8CString.map { $0 })
        guard let folder = whole.parent.map({ String(decoding: $0.bytes, as: UTF8.self) }), access(path, F_OK) == 0
        else { return nil }
        return try RootedFolder(folder).read(TreePath(found: whole.name), links: .none)?.bytes
    }

    /// Replaces a small file of git's atomically.
    static func replace(_ path: String, by bytes: [UInt8]) throws(RepositoryError) {
        let lock = path + ".lock"
        try write(bytes, to: lock)
        guard rename(lock, path) == 0 else { throw systemError("write \(path)") }
    }

    /// Writes a small file of git's.
    static func write(_ bytes: [UInt8], to path: String) throws(RepositoryError) {
        do throws(SystemError) {
            let file = try Descriptor(opening: path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
            try FileContent.write(bytes, to: file.raw)
        } catch {
            throw systemError("write \(path)", error.number)
        }
    }
}
