import CBeneath
import Glibc
import OS
import Patching

extension GitRepository {
    /// Whether a session's working tree, in which no process is at work, has changes that are in no commit.
    ///
    /// True also if that cannot be told. Entries that cannot be committed are no changes.
    ///
    /// - Parameters:
    ///   - root: The root of the tree; false for a missing one.
    ///   - store: The folder with the changes, if it is an overlay.
    ///   - reference: The full name of the reference that the tree's commits have moved.
    ///   - rules: What the session ignored, in the form of .gitignore.
    public func hasUncommittedChanges(
        inTreeAt root: String, store: String, reference: String, ignoring rules: [[UInt8]]
    ) -> Bool {
        do throws(RepositoryError) {
            if access(store + "/upper/.git", F_OK) == 0 {
                guard let head = try target(of: reference) else { return true }
                return try OverlaidLeftovers(store + "/upper", of: self, head, ignoring: rules).haveChanges()
            }
            guard access(root, F_OK) == 0, !FolderListing.names(in: root).isEmpty else { return false }
            let tree = try WorkingTree(linkedAt: root, of: self, reference: reference)
            tree.ignore(lines: rules)
            return try !tree.scan().isEmpty
        } catch {
            return true
        }
    }
}

/// The changes of an overlay that is not mounted, held against a commit.
private struct OverlaidLeftovers {
    let upper: RootedFolder
    let repository: GitRepository
    let tree: TreeID
    let rules: IgnoreRules

    init(
        _ upper: String, of repository: GitRepository, _ head: CommitID, ignoring own: [[UInt8]]
    ) throws(RepositoryError) {
        self.upper = try RootedFolder(upper)
        self.repository = repository
        tree = try repository.treeID(of: head)
        // The rules of the session's own commits lie in the changes, all others below them.
        rules = IgnoreRules(
            root: try RootedFolder(repository.workingDirectory), own: own,
            outsideFiles: repository.outsideIgnoreFiles,
            ignoresCase: repository.isConfigured("core.ignoreCase", default: false)
        ) { [upper = self.upper] in (try? upper.read(TreePath(found: $0), links: .none))?.bytes }
    }

    /// Whether a file here is not as in the commit, or one of the commit is marked as taken away.
    func haveChanges(below prefix: [CChar] = []) throws(RepositoryError) -> Bool {
        let descriptor = upper.open(prefix + [0], O_RDONLY | O_DIRECTORY, links: .none)
        guard descriptor >= 0 else { throw systemError("list the changes in \(upper.root)") }
        defer { close(descriptor) }
        guard let entries = try? FolderListing.entries(of: descriptor) else {
            throw systemError("list the changes in \(upper.root)")
        }
        for entry in entries where prefix.count > 0 || entry.name != TreeScan.gitFolder {
            let path = TreePath(found: prefix + entry.name)
            var state = stat()
            guard fstatat(descriptor, entry.name, &state, AT_SYMLINK_NOFOLLOW) == 0 else { return true }
            let committed = try repository.entry(at: path, in: tree)
            // Nothing in a submodule, or in its place, can be committed.
            if committed?.mode == 0o160000 { continue }
            switch state.type {
            case S_IFDIR:
                if committed == nil, rules.isIgnored(path, isFolder: true) { continue }
                if try haveChanges(below: path.cString.dropLast() + [CChar(UInt8(ascii: "/"))]) { return true }
            case S_IFREG, S_IFLNK:
                guard let committed else {
                    if rules.isIgnored(path, isFolder: false) || TreeScan.obstacle(to: path, state.type) != nil {
                        continue
                    }
                    return true
                }
                guard let file = try upper.stored(at: path), UInt32(committed.mode) == UInt32(state.gitMode),
                    try repository.contents(of: committed.oid, "\"\(path)\"") == file.bytes
                else { return true }
            default:
                // A device with number 0 takes away what is below it.
                if state.type == S_IFCHR, state.st_rdev == 0, committed != nil { return true }
            }
        }
        return false
    }
}
