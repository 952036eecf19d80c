import Glibc
import OS
public import Repository
public import Sandbox
public import Session

/// The files a session works on, and the sandbox around them.
public struct SessionTree: Sendable {
    /// What kind of tree it is.
    public let kind: TreeKind
    /// The files.
    public let files: WorkingTree
    /// The sandbox in which commands see them.
    public let sandbox: Sandbox
    /// Makes clean checkouts of the session's commits.
    public let checkouts: CleanCheckouts
    /// What is to be taken away when the session is over; nil unless it is an overlay.
    var overlaid: OverlaidPlace?

    /// Takes the files away, with what only commands have seen of them.
    func remove(from folder: SessionFolder, of repository: GitRepository) throws(RepositoryError) {
        switch kind {
        case .inPlace: return
        case .worktree: try repository.removeWorkingTree(at: files.root, in: folder.path)
        case .overlay:
            // What is still mounted must not lose its layers.
            files.letGo()
            sandbox.endOverlays()
            if let overlaid { try repository.removeOverlaidTree(overlaid, in: folder.path) }
        }
        // What cannot be removed now, a clean-up finds.
        if access(folder.overlays, F_OK) == 0 { try? FolderRemoval.remove(folder.overlays) }
    }
}
