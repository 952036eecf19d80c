import Glibc
import OS
import Repository
public import Session

/// Takes away what sessions have left: working trees, references, folders. Only what Graft has made, and never of a
/// session at work.
///
/// Not for two processes at once, which a lock on the folder of all sessions sees to.
public final class SessionCleaner {
    let store: SessionStore
    let environment: [String: String]
    private let lock: FileLock?

    /// Starts a clean-up; fails if another one is at work.
    public init(store: SessionStore, environment: [String: String]) throws(WorkspaceError) {
        self.store = store
        self.environment = environment
        do throws(SystemError) {
            lock = try FileLock(.exclusive, on: Descriptor(opening: store.root, O_RDONLY | O_DIRECTORY))
        } catch {
            // There is no folder, or there are no locks: nobody else can have one.
            lock = nil
            return
        }
        if lock == nil {
            throw WorkspaceError(
                .busy, "another graft clean is at work in \(store.root)", nextStep: "wait for its end")
        }
    }

    /// Does what was planned for a session.
    ///
    /// What has changed since it was planned is not touched. A removal that is interrupted is ended by the next
    /// clean-up: references go before the folder, and the folder gets the name of one that is going before it is
    /// emptied.
    public func perform(_ remains: SessionRemains) throws {
        guard remains.action != .keep else { return }
        if let folder = remains.folder {
            guard isRealFolder(folder) else {
                throw WorkspaceError(.notOurs, "refused to touch \(folder): it is not a folder")
            }
            // A folder that is going belongs to no run any more.
            guard !folder.hasPrefix("\(store.root)/\(Self.goingPrefix)") else { return try clear(remains) }
            guard let lock = SessionLock(folder: folder) else {
                throw WorkspaceError(.busy, "session \(remains.id) is running; it stays")
            }
            defer { withExtendedLifetime(lock) {} }
            try clear(remains)
        } else {
            try clear(remains)
        }
    }

    private func clear(_ remains: SessionRemains) throws {
        let repository = remains.repository.flatMap {
            // One that is gone has nothing that could be removed from it.
            try? GitRepository(discovering: $0, environment: environment)
        }
        for tree in remains.workingTrees { try removeTree(tree, of: repository) }
        if remains.action == .remove, let repository {
            for reference in remains.references { try repository.deleteOwnReference(reference) }
        }
        guard let folder = remains.folder else { return }
        if remains.action == .tidy {
            for path in Self.leftovers(in: folder) where isRealFolder(path) { try FolderRemoval.remove(path) }
            unlink("\(folder)/.reserve")
        } else {
            try removeFolder(folder, of: remains.id)
        }
    }

    private func removeTree(_ path: String, of repository: GitRepository?) throws {
        guard let repository else { return try FolderRemoval.remove(path) }
        do throws(RepositoryError) {
            try repository.removeWorkingTree(at: path, in: store.root)
        } catch {
            // A command may have changed its .git file; it is in the session's folder all the same.
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

    /// What a folder is called while it is being removed, before the session's name.
    static let goingPrefix = ".removing-"

    /// The folders of a session that are of no use once its run is over.
    static func leftovers(in folder: String) -> [String] {
        FolderListing.names(in: folder).filter { ["tree", "tmp", "overlays"].contains($0) || $0.hasPrefix("verify-") }
            .map { "\(folder)/\($0)" }
    }

    /// Whether a path is a folder of this user and no link to one.
    func isRealFolder(_ path: String) -> Bool {
        var state = stat()
        return lstat(path, &state) == 0 && state.st_mode & S_IFMT == S_IFDIR && state.st_uid == geteuid()
    }

    /// Whether a path lies in the folder of all sessions when all links are followed.
    func isBelowRoot(_ path: String) -> Bool {
        guard let root = FilePath.resolved(store.root), let place = FilePath.resolved(path) else { return false }
        return place.hasPrefix(root + "/")
    }
}
