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
    /// What is said of the submodules.
    public let submodules: SubmoduleReport
    /// The mounted place, removed at the end of the session; nil unless the tree is an overlay.
    var overlaid: OverlaidPlace?

    /// Leaves the files as they are; returns where those are that were changed.
    func keep() -> String {
        if kind == .overlay { files.letGo() }
        sandbox.end()
        return overlaid?.upper ?? files.root
    }

    /// Removes the files and overlays.
    func remove(from folder: SessionFolder, of repository: GitRepository) throws(RepositoryError) {
        if kind == .overlay { files.letGo() }
        // The next launcher may be on its way, and an overlay is unmounted before its layers are removed.
        sandbox.end()
        switch kind {
        case .inPlace: break
        case .worktree: try repository.removeWorkingTree(at: files.root, in: folder.path)
        case .overlay:
            if let overlaid { try repository.removeOverlaidTree(overlaid, in: folder.path) }
        }
        // A later clean-up removes what cannot be removed now.
        for made in [folder.overlays, folder.git] where access(made, F_OK) == 0 { try? FolderRemoval.remove(made) }
    }
}
