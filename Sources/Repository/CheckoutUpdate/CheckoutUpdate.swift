import CGit
import Glibc
import Text

/// Updates the files and the index of the user's checkout from one tree to another: only the paths that differ, and
/// only if all of them are as in the old tree, in the index and on disk.
struct CheckoutUpdate {
    private let files: CheckoutFiles
    private let index: CachedIndex
    private let changes: [CheckoutChange]
    private var writes: [TreeWriter.Change] = []

    /// Checks for everything that could be in the way; changes nothing.
    ///
    /// Fails with `uncommitted`, naming the files, with `locked` and `conflicts`.
    init(
        _ changes: [CheckoutChange], in repository: GitRepository, files: CheckoutFiles
    ) throws(RepositoryError) {
        self.files = files
        self.changes = changes
        index = try CachedIndex(usersOf: repository)
        try Self.refuseLock(of: repository)
        guard !index.hasConflicts else {
            throw RepositoryError(
                .conflicts, "the index of \(repository.workingDirectory) has conflicts",
                nextStep: "resolve them first")
        }
        let leaving = Set(changes.lazy.filter { $0.new == nil }.map(\.path))
        var dirty: [BytePath] = []
        for change in changes {
            let isClean = try files.isClean(change.path, as: change.old, in: index, leaving: leaving)
            if !isClean { dirty.append(change.path.path) }
        }
        guard dirty.isEmpty else { throw RepositoryError.uncommitted(dirty, in: repository) }
        for change in changes {
            writes.append(
                TreeWriter.Change(
                    path: change.path,
                    contents: try change.new.map { side throws(RepositoryError) in
                        try files.bytes(for: side, at: change.path)
                    }, mode: change.new?.mode ?? 0))
        }
    }

    /// Writes the files, then the index, then calls `closing`; restores everything after a failure.
    func run(closing: () throws(RepositoryError) -> Void = {}) throws(RepositoryError) {
        let now = timespec.now
        try TreeWriter(folder: files.folder).write(writes) { states throws(RepositoryError) in
            try note(states, verified: now, side: \.new)
            try index.write()
            do throws(RepositoryError) { try closing() } catch {
                // Without states, so that git compares the files again.
                try note(states.map { _ in nil }, verified: now, side: \.old)
                try index.write()
                throw error
            }
        }
    }

    private func note(
        _ states: [stat?], verified: timespec, side: KeyPath<CheckoutChange, CheckoutChange.Side?>
    ) throws(RepositoryError) {
        for change in changes where change[keyPath: side] == nil {
            if index.position(of: change.path.cString) != nil { try index.remove(change.path) }
        }
        for (change, state) in zip(changes, states) {
            guard let entry = change[keyPath: side] else { continue }
            try index.put(change.path, entry.oid, mode: entry.mode, state: state, verified: verified)
        }
    }

    /// Fails with `locked` while another process holds the index.
    static func refuseLock(of repository: GitRepository) throws(RepositoryError) {
        let lock = "\(repository.gitDirectory)/index.lock"
        guard access(lock, F_OK) == 0 else { return }
        throw RepositoryError(
            .locked, "the index is locked: a git command is at work",
            nextStep: "if there is none, remove \(lock)")
    }
}

extension CachedIndex {
    /// Opens the index of the user's checkout for an update.
    ///
    /// git compares whole seconds only, and shows a file that was changed within the second of its entry as changed
    /// because the index file has that second, too. A newer index file would hide the change, so that such entries are
    /// marked for a comparison by content ("racy git").
    convenience init(usersOf repository: GitRepository) throws(RepositoryError) {
        let path = "\(repository.gitDirectory)/index"
        try self.init(path: path)
        var state = stat()
        guard stat(path, &state) == 0 else { return }
        for position in 0..<count {
            guard let entry = UnsafeMutablePointer(mutating: entry(position)),
                Int(entry.pointee.mtime.seconds) >= state.st_mtim.tv_sec
            else { continue }
            entry.pointee.file_size = 0
        }
    }
}

extension RepositoryError {
    /// The refusal to overwrite work that is in no commit.
    static func uncommitted(_ paths: [BytePath], in repository: GitRepository) -> RepositoryError {
        let named = paths.prefix(3).map(\.description).joined(separator: ", ")
        let rest = paths.count > 3 ? " and \(paths.count - 3) more" : ""
        return RepositoryError(
            .uncommitted,
            "uncommitted work in \(named)\(rest) would be overwritten",
            nextStep: "commit or stash it first, or move it away",
            details: paths.map(\.description).joined(separator: "\n"))
    }
}
