import Glibc
import OS
import Repository
public import Session

/// Removes sessions: working trees, references, folders. Removes only what Graft has made, and nothing of a session
/// that is running.
///
/// A lock on the folder of all sessions keeps a second process out.
public final class SessionCleaner {
    let store: SessionStore
    let environment: [String: String]
    private let lock: FileLock?

    /// Starts a clean-up.
    ///
    /// - Throws: `.busy` if another one is running.
    public init(store: SessionStore, environment: [String: String]) throws(WorkspaceError) {
        self.store = store
        self.environment = environment
        do throws(SystemError) {
            lock = try FileLock(.exclusive, on: Descriptor(opening: store.root, O_RDONLY | O_DIRECTORY))
        } catch {
            // Without a folder, or on a file system without locks, no other process holds one.
            lock = nil
            return
        }
        if lock == nil {
            throw WorkspaceError(
                .busy, "another graft clean is at work in \(store.root)", nextStep: "wait for its end")
        }
    }

    /// Carries out the plan for a session; what has changed since is not touched.
    ///
    /// The next clean-up finishes an interrupted removal: references are removed before the folder, and the folder is
    /// renamed before it is emptied.
    ///
    /// - Throws: `WorkspaceError` if the session is running or its folder was replaced, `RepositoryError` or
    ///   `SystemError` if something cannot be removed.
    public func perform(_ plan: CleanupPlan) throws {
        guard plan.action != .keep else { return }
        if let folder = plan.folder {
            guard isRealFolder(folder) else {
                throw WorkspaceError(.notOurs, "refused to touch \(folder): it is not a folder")
            }
            // A renamed folder belongs to no run any more.
            guard !folder.hasPrefix("\(store.root)/\(Self.goingPrefix)") else { return try clear(plan) }
            guard let lock = SessionLock(folder: folder) else {
                throw WorkspaceError(.busy, "session \(plan.id) is running; it stays")
            }
            defer { withExtendedLifetime(lock) {} }
            try clear(plan)
        } else {
            try clear(plan)
        }
    }

    private func clear(_ plan: CleanupPlan) throws {
        let repository = plan.repository.flatMap {
            // A missing repository has nothing to remove.
            try? GitRepository(discovering: $0, environment: environment)
        }
        for tree in plan.workingTrees { try removeTree(tree, of: repository) }
        if plan.action == .remove, let repository {
            for reference in plan.references { try repository.deleteOwnReference(reference) }
        }
        guard let folder = plan.folder else { return }
        if plan.action == .tidy {
            for path in Self.leftovers(in: folder) where isRealFolder(path) { try FolderRemoval.remove(path) }
            unlink("\(folder)/.reserve")
        } else {
            try removeFolder(folder, of: plan.id)
        }
    }

    private func removeTree(_ path: String, of repository: GitRepository?) throws {
        guard let repository else { return try FolderRemoval.remove(path) }
        do throws(RepositoryError) {
            try repository.removeWorkingTree(at: path, in: store.root)
        } catch {
            // A command may have changed its .git file; the tree is still in the session's folder.
            guard error.code == .notOurs, isBelowRoot(path), isRealFolder(path) else { throw error }
            try FolderRemoval.remove(path)
            try repository.removeWorkingTree(at: path, in: store.root)
        }
    }

    private func removeFolder(_ folder: String, of id: SessionID) throws {
        let going = "\(store.root)/\(Self.goingPrefix)\(id)"
        if folder != going {
            guard rename(folder, going) == 0 else {
                let error = SystemError("remove \(folder)")
                throw WorkspaceError(.system, error.description, underlying: error)
            }
        }
        try FolderRemoval.remove(going)
    }

    /// The prefix of a session's folder while it is being removed.
    static let goingPrefix = ".removing-"

    /// The folders of a session that are useless after its run.
    static func leftovers(in folder: String) -> [String] {
        FolderListing.names(in: folder).filter { ["tree", "tmp", "overlays"].contains($0) || $0.hasPrefix("verify-") }
            .map { "\(folder)/\($0)" }
    }

    /// Whether a path is a folder of this user and not a link.
    func isRealFolder(_ path: String) -> Bool {
        var state = stat()
        return lstat(path, &state) == 0 && state.st_mode & S_IFMT == S_IFDIR && state.st_uid == geteuid()
    }

    /// Whether a path, with links resolved, is in the folder of all sessions.
    func isBelowRoot(_ path: String) -> Bool {
        guard let root = FilePath.resolved(store.root), let place = FilePath.resolved(path) else { return false }
        return FilePath.rest(of: place, below: root) != nil
    }
}
