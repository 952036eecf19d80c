import CGit
import Glibc
public import Patching
public import Text

/// The files of a session, and the reference that its commits move.
///
/// Either a linked working tree that Graft has made, or the user's own checkout, of which the index is copied.
/// Not for two tasks at once.
public final class WorkingTree: PatchSource, @unchecked Sendable {  // One session uses it, one step after another.
    /// The repository.
    public let repository: GitRepository
    /// The root of the files, without a slash at the end.
    public let root: String
    /// The full name of the reference that commits move, such as `refs/heads/graft/1`.
    public let reference: String
    /// The last commit made or found here.
    public internal(set) var head: CommitID

    let handle: RepositoryHandle
    let folder: RootedFolder
    let index: CachedIndex
    let filters: ContentFilters
    let trustsMode: Bool
    /// The path of a detached HEAD that Graft writes; nil otherwise.
    private let detachedHead: String?
    let cache: FolderCache?
    /// The ignore rules of the session, in the form of .gitignore.
    public internal(set) var ownRules: [[UInt8]] = []
    /// The changes, if the tree is an overlay of the user's checkout.
    let overlaid: OverlaidLayer?
    /// What commands change in submodules.
    var watches: [SubmoduleWatch] = []
    /// Whether the index file is Graft's own and is updated for `git` commands in the tree.
    private let publishesIndex: Bool
    private var isIndexPublished = true
    /// Whether only `publishIndex()` updates the index file and a detached HEAD, and commits do not.
    ///
    /// Writing the index takes about 0.2 ms per thousand files; the caller can do it while it waits for something else.
    public var defersIndex = false

    /// The largest untracked file that a scan includes, in bytes.
    public var untrackedByteLimit: Int64 = 8 << 20

    /// Opens the linked working tree of a session that `GitRepository.addWorkingTree` has made.
    ///
    /// Fails with `notOurs` for any other folder.
    ///
    /// - Parameter reference: The full name of the reference that commits move if HEAD is detached; nil if HEAD is on a
    ///   branch.
    public convenience init(
        linkedAt path: String, of repository: GitRepository, reference: String? = nil
    ) throws(RepositoryError) {
        let place = try repository.ownWorkingTree(at: path)
        var opened: OpaquePointer?
        try check(git_repository_open(&opened, place.root), "open the working tree \(place.root)")
        let handle = RepositoryHandle(try unwrap(opened, "repository"))
        guard let found = git_repository_path(handle.pointer), String(cString: found) == place.administration + "/"
        else {
            throw RepositoryError(.notOurs, "the .git file of \(place.root) has been changed; refused to work there")
        }
        let index = "\(place.administration)/index"
        if let reference {
            guard let head = try repository.target(of: reference) else {
                throw RepositoryError(.notFound, "there is no reference \(reference)")
            }
            try self.init(
                repository, handle, root: place.root, administration: place.administration, reference: reference,
                head: head, indexPath: index, publishesIndex: true, detachedHead: "\(place.administration)/HEAD")
            return
        }
        var head: OpaquePointer?
        try check(git_repository_head(&head, handle.pointer), "read the branch of \(place.root)")
        defer { git_reference_free(head) }
        let reference = String(cString: try unwrap(git_reference_name(head), "branch name"))
        guard reference.hasPrefix("refs/heads/") else {
            throw RepositoryError(.unsupported, "\(place.root) is on no branch: nothing can be committed there")
        }
        let id = CommitID(try unwrap(git_reference_target(head), "commit").pointee)
        try self.init(
            repository, handle, root: place.root, administration: place.administration, reference: reference, head: id,
            indexPath: index, publishesIndex: true)
    }

    /// Opens the user's own checkout, for commits to a branch that is not checked out.
    ///
    /// The branch (short name) must exist. The index is a copy in `privateFolder`, which must exist.
    ///
    /// - Throws: `notFound` if there is no such branch, `unsupported` or `gitCommand` if the index cannot be copied.
    public convenience init(
        inPlace repository: GitRepository, branch: String, privateFolder: String
    ) throws(RepositoryError) {
        try self.init(inPlace: repository, reference: "refs/heads/\(branch)", privateFolder: privateFolder)
    }

    /// Opens the user's own checkout, for commits to a reference (full name) other than HEAD.
    ///
    /// - Throws: `notFound` if there is no such reference, `unsupported` or `gitCommand` if the index cannot be copied.
    public convenience init(
        inPlace repository: GitRepository, reference: String, privateFolder: String
    ) throws(RepositoryError) {
        guard let head = try repository.target(of: reference) else {
            throw RepositoryError(.notFound, "there is no reference \(reference)")
        }
        let copy = try repository.copyIndex(into: privateFolder)
        try self.init(
            repository, copy.handle, root: repository.workingDirectory, administration: repository.gitDirectory,
            reference: reference, head: head, indexPath: copy.path, publishesIndex: false)
    }

    /// Opens an overlay of the checkout through a descriptor of its root, which has no path; copies the descriptor.
    ///
    /// - Parameters:
    ///   - place: The mounted place.
    ///   - reference: The full name of the reference that commits move; nil for a tree without commits.
    ///   - start: The commit of the place.
    /// - Throws: `system` if the descriptor or the layers cannot be opened, `notFound` if the start is missing.
    public convenience init(
        overlaid place: OverlaidPlace, of repository: GitRepository, reference: String?, start: CommitID,
        root descriptor: Int32
    ) throws(RepositoryError) {
        var opened: OpaquePointer?
        try check(git_repository_open(&opened, place.administration), "open \(place.administration)")
        let handle = RepositoryHandle(try unwrap(opened, "repository"))
        // The folder is empty outside, so that attributes are read from the index.
        try check(git_repository_set_workdir(handle.pointer, place.root, 0), "use \(place.root)")
        let head = try reference.flatMap { name throws(RepositoryError) in try repository.target(of: name) } ?? start
        try self.init(
            repository, handle, root: place.root, administration: place.administration, reference: reference ?? "",
            head: head, indexPath: "\(place.administration)/index", publishesIndex: true,
            detachedHead: "\(place.administration)/HEAD",
            overlaid: (
                OverlaidLayer(
                    upper: place.upper, committed: try repository.filesDiffering(from: start, to: head),
                    attributes: handle),
                RootedFolder(copying: descriptor, root: place.root)
            ))
        isIndexPublished = false
        try settleStates()
    }

    /// Closes the tree's folders, so that its overlay can be unmounted; every later use fails.
    public func letGo() {
        folder.letGo()
        overlaid?.upper.letGo()
    }

    private init(
        _ repository: GitRepository, _ handle: RepositoryHandle, root: String, administration: String,
        reference: String, head: CommitID, indexPath: String, publishesIndex: Bool, detachedHead: String? = nil,
        overlaid: (layer: OverlaidLayer, root: RootedFolder)? = nil
    ) throws(RepositoryError) {
        self.repository = repository
        self.handle = handle
        self.root = root
        self.reference = reference
        self.head = head
        self.publishesIndex = publishesIndex
        self.detachedHead = detachedHead
        self.overlaid = overlaid?.layer
        if let opened = overlaid?.root { folder = opened } else { folder = try RootedFolder(root) }
        index = try CachedIndex(path: indexPath)
        let command = GitCommand(
            gitDirectory: administration, workTree: root, environment: repository.environment)
        filters = ContentFilters(handle, command: command, hasPath: overlaid == nil)
        trustsMode = repository.isConfigured("core.fileMode", default: true)
        // In an overlay only the changes are scanned, which needs no cache.
        cache = overlaid == nil ? FolderCache(root: folder) : nil
        try index.read(try repository.treeID(of: head), from: repository.pointer)
        try self.overlaid?.readAttributes(from: index)
    }

    /// Reads a regular file on disk; nil if it is missing.
    ///
    /// Follows links inside the tree in the path; the file itself must not be a link.
    ///
    /// - Throws: `forbiddenPath` for a path that leads outside or into `.git`, `notARegularFile` for a link or folder.
    public func read(_ path: BytePath) throws(RepositoryError) -> [UInt8]? {
        let name = try TreePath(path)
        if let own = try committedContent(of: name) { return own.isLink ? nil : own.bytes }
        return try folder.read(try TreePath(path), links: .inside)?.bytes
    }

    /// Reads the file or link at a path; nil if there is none.
    ///
    /// - Throws: `PatchError.isDirectory(_:)` for a folder; otherwise `RepositoryError` like ``read(_:)``.
    public func file(at path: BytePath) throws -> StoredFile? {
        try requireOutsideSubmodules(try TreePath(path))
        if let own = try committedContent(of: try TreePath(path)) { return own }
        return try folder.source(at: path)
    }

    /// Refuses a path that is that of a submodule, or lies in one; fails with `forbiddenPath`.
    func requireOutsideSubmodules(_ path: TreePath) throws(RepositoryError) {
        var place: TreePath? = path
        while let folder = place {
            if let position = index.position(of: folder.cString), index.entry(position)?.pointee.isSubmodule == true {
                throw RepositoryError(
                    .forbiddenPath, "refused \"\(path)\": \(folder) is a submodule, which a session does not change",
                    nextStep: "change only files of this repository")
            }
            place = folder.parent
        }
    }

    /// The names in a folder on disk, or in the root for the empty path; none if there is no such folder.
    ///
    /// - Throws: `forbiddenPath` for a path that leads outside or into `.git`, `system` if it cannot be listed.
    public func names(in path: BytePath) throws(RepositoryError) -> [BytePath] { try folder.names(in: path) }

    /// Updates the index file and a detached HEAD for `git` commands in the tree; to be called before a command runs if
    /// `defersIndex` is set. Does nothing in place, where both are the user's.
    ///
    /// - Throws: `locked` while another process writes the index, `system` if HEAD cannot be written.
    public func publishIndex() throws(RepositoryError) {
        guard publishesIndex, !isIndexPublished else { return }
        try index.write()
        if let detachedHead { try GitRepository.replace(detachedHead, by: Array("\(head.hex)\n".utf8)) }
        isIndexPublished = true
    }

    /// Makes a commit the head whose files are in the tree already.
    func adopt(_ id: CommitID) throws(RepositoryError) {
        head = id
        isIndexPublished = false
        if !defersIndex { try publishIndex() }
    }
}
