import CGit
import Glibc

/// The changes of a working tree that is an overlay of the user's checkout.
///
/// The user's changes in the checkout are visible, but are not the session's work: only files that are or were in this
/// layer are.
final class OverlaidLayer {
    /// The overlay's upper folder.
    let upper: RootedFolder
    /// The files of the session's commits; one that is neither here nor below any more has been deleted, without a
    /// mark.
    private(set) var committed: Set<TreePath>
    /// The repository with the attributes of the tree's commits.
    private let attributes: RepositoryHandle

    init(upper: String, committed: Set<TreePath>, attributes: RepositoryHandle) throws(RepositoryError) {
        self.upper = try RootedFolder(upper)
        self.committed = committed
        self.attributes = attributes
    }

    /// Records the files that a commit has written and deleted.
    func note(_ edits: [TreeEdit], in index: CachedIndex) throws(RepositoryError) {
        var changesAttributes = false
        for edit in edits {
            if case .put = edit.action { committed.insert(edit.path) } else { committed.remove(edit.path) }
            changesAttributes = changesAttributes || edit.path.name == Self.attributesFile
        }
        if changesAttributes { try readAttributes(from: index) }
    }

    /// Whether a file's content is that of the session, not of the user.
    func holds(_ path: TreePath) throws(RepositoryError) -> Bool { try upper.state(of: path) != nil }

    /// Makes libgit2 read the committed attributes: the files have no path, and the index file is outdated
    /// (git_repository_set_index).
    func readAttributes(from index: CachedIndex) throws(RepositoryError) {
        var made: OpaquePointer?
        try check(git_index_new(&made), "keep the attributes")
        defer { git_index_free(made) }
        for path in FolderTable(index).paths(named: Self.attributesFile) {
            guard let entry = index.position(of: path).flatMap(index.entry) else { continue }
            try check(git_index_add(made, entry), "keep the attributes")
        }
        try check(git_repository_set_index(attributes.pointer, made), "keep the attributes")
    }

    static let attributesFile: [CChar] = ".gitattributes".utf8CString.map { $0 }
}
