import CGit
import Glibc
import Patching

/// The files of the user's checkout, as HEAD, the index and the disk have them.
struct CheckoutFiles {
    let folder: BeneathFolder
    /// The tree of HEAD; nil before the first commit.
    let base: TreeID?
    private let repository: GitRepository
    private let index: KeptIndex
    private let filters: ContentFilters
    private let trustsMode: Bool

    /// One file, if HEAD, index and disk agree about it.
    typealias Entry = (oid: git_oid, mode: UInt16)

    init(_ repository: GitRepository, base: TreeID?) throws(RepositoryError) {
        self.repository = repository
        self.base = base
        let path = "\(repository.gitDirectory)/index"
        guard access(path + ".lock", F_OK) != 0 else {
            throw RepositoryError(
                .locked,
                "git is at work in \(repository.workingDirectory); if no git command is running, remove \(path).lock")
        }
        folder = try BeneathFolder(repository.workingDirectory)
        index = try KeptIndex(path: path)
        guard !index.hasConflicts else {
            throw RepositoryError(
                .conflicts, "the index of \(repository.workingDirectory) has conflicts; resolve them first")
        }
        let command = GitCommand(
            gitDirectory: repository.gitDirectory, workTree: repository.workingDirectory,
            environment: repository.environment)
        filters = ContentFilters(repository.handle, command: command)
        trustsMode = repository.isConfigured("core.fileMode", default: true)
    }

    /// The file as all three have it, nil if none does; fails with `uncommitted` if they differ.
    func requireCommitted(_ path: TreePath) throws(RepositoryError) -> Entry? {
        let committed = try base.flatMap { tree throws(RepositoryError) in try repository.entry(at: path, in: tree) }
        let staged = index.position(of: path.cString).flatMap { index.entry($0) }?.pointee
        let isStagedAsCommitted =
            if let committed, let staged {
                committed.oid.equals(staged.id) && UInt32(committed.mode) == staged.mode
            } else {
                committed == nil && staged == nil
            }
        let isFile = committed.map { $0.mode & 0o170000 != 0o040000 } ?? true
        guard !isFile || isStagedAsCommitted, try isOnDisk(committed, staged, at: path) else {
            throw RepositoryError(
                .uncommitted, "\"\(path.text)\" has changes that are not committed; commit or stash them first")
        }
        return isFile ? committed : nil
    }

    private func isOnDisk(
        _ committed: Entry?, _ staged: git_index_entry?, at path: TreePath
    ) throws(RepositoryError) -> Bool {
        guard let state = try folder.state(of: path), state.type != S_IFDIR else {
            return committed.map { $0.mode & 0o170000 == 0o040000 } ?? true
        }
        guard let committed else { return false }
        if let staged, staged.matches(state) { return true }
        guard let file = try folder.stored(at: path) else { return false }
        let kept = committed.mode & 0o170000 == 0o100000 && !file.isLink
        guard state.gitMode == committed.mode || (kept && !trustsMode) else { return false }
        return try blob(file.bytes, at: path, isLink: file.isLink, unless: committed.oid).equals(committed.oid)
    }

    /// The id of the blob for a file's content; writes the blob unless it is the one that is expected.
    func blob(
        _ contents: [UInt8], at path: TreePath, isLink: Bool, unless expected: git_oid? = nil
    ) throws(RepositoryError) -> git_oid {
        try isLink ? repository.writeBlob(contents) : filters.blob(for: contents, at: path, unless: expected)
    }

    /// Brings the index up to date with the files that have been written.
    func note(_ edits: [TreeEdit], _ states: [stat?], verified: timespec) throws(RepositoryError) {
        for edit in edits {
            if case .remove = edit.action { try index.remove(edit.path) }
        }
        for (edit, state) in zip(edits, states) {
            guard case .put(let oid, let mode) = edit.action else { continue }
            try index.put(edit.path, oid, mode: mode, state: state, verified: verified)
        }
        try index.write()
    }

    /// Makes the entries what they are in HEAD again.
    func takeBack(_ edits: [TreeEdit]) throws(RepositoryError) {
        for edit in edits {
            let committed = try base.flatMap { tree throws(RepositoryError) in
                try repository.entry(at: edit.path, in: tree)
            }
            if let committed {
                try index.put(edit.path, committed.oid, mode: committed.mode, state: nil, verified: .now)
            } else {
                try index.remove(edit.path)
            }
        }
        try index.write()
    }
}
