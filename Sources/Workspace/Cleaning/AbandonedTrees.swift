import Glibc
import OS
public import Repository
import Session

/// The working trees of sessions whose process is gone: killed, or stopped twice.
public struct AbandonedTrees {
    private let repository: GitRepository
    private let environment: [String: String]

    /// Looks in the sessions of an environment for working trees of a repository.
    public init(repository: GitRepository, environment: [String: String]) {
        self.repository = repository
        self.environment = environment
    }

    /// Removes them; references, journals and what commands printed stay.
    public func remove() {
        guard let sessions = FilePath.resolved(SessionFolder.root(environment: environment) + "/sessions") else {
            return
        }
        // Cleaning up after others must not fail a run that is well: what cannot be removed is left to the next one.
        for root in (try? repository.ownWorkingTrees()) ?? [] {
            let path = root.split(separator: "/", omittingEmptySubsequences: false)
            let folder = path.dropLast().joined(separator: "/")
            // A run, a review or a verification of one keeps its folder.
            guard path.dropLast(2).joined(separator: "/") == sessions, let lock = SessionLock(folder: folder) else {
                continue
            }
            withExtendedLifetime(lock) {
                try? repository.removeWorkingTree(at: root, in: folder)
                for store in [SessionFolder(existing: folder).overlays, root + ".overlays"]
                where access(store, F_OK) == 0 { try? FolderRemoval.remove(store) }
            }
        }
    }
}
