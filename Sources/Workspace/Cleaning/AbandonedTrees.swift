import Glibc
import OS
public import Repository
import Session

/// The working trees of sessions whose process was killed.
public struct AbandonedTrees {
    private let repository: GitRepository
    private let environment: [String: String]

    /// Makes a value for the working trees of a repository, in the sessions of an environment.
    public init(repository: GitRepository, environment: [String: String]) {
        self.repository = repository
        self.environment = environment
    }

    /// Removes the trees; references, journals and output stay, and so do trees with changes that are in no commit.
    ///
    /// - Returns: What to tell of each tree that stays.
    public func remove() -> [String] {
        var kept: [String] = []
        guard let sessions = FilePath.resolved(SessionFolder.root(environment: environment) + "/sessions") else {
            return []
        }
        // A failure here must not fail the run that starts: the next one tries again.
        for root in (try? repository.ownWorkingTrees()) ?? [] {
            let path = root.split(separator: "/", omittingEmptySubsequences: false)
            let folder = path.dropLast().joined(separator: "/")
            // A run, a review or a verification holds the lock.
            guard FilePath.isSame(path.dropLast(2).joined(separator: "/"), sessions),
                let lock = SessionLock(folder: folder)
            else {
                continue
            }
            withExtendedLifetime(lock) {
                if let session = path.suffix(2).first.flatMap({ SessionID(parsing: String($0)) }),
                    root == SessionFolder(existing: folder).tree,
                    let place = LeftTree(session: session, folder: SessionFolder(existing: folder))
                        .placeOfChanges(in: repository)
                {
                    kept.append(
                        "an earlier run has left changes that are in no commit, in \(place); go on with it: "
                            + "graft resume \(session); or take what you need, then run: graft clean --session \(session)"
                    )
                    return
                }
                try? repository.removeWorkingTree(at: root, in: folder)
                for store in [SessionFolder(existing: folder).overlays, root + ".overlays"]
                where access(store, F_OK) == 0 { try? FolderRemoval.remove(store) }
            }
        }
        return kept
    }
}
