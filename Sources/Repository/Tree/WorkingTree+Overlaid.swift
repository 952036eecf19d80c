import CGit
import Glibc
import Patching

extension WorkingTree {
    /// The committed content of a file that the session has not changed, but the user has since; nil for all other
    /// files, for which the disk is right.
    ///
    /// Without it a patch would commit the user's new changes.
    func committedContent(of path: TreePath) throws(RepositoryError) -> StoredFile? {
        guard let overlaid, let position = index.position(of: path.cString), try !overlaid.holds(path),
            let entry = index.entry(position)?.pointee, !entry.isLeftAlone
        else { return nil }
        if let state = try folder.state(of: path) {
            if entry.matches(state) { return nil }
            if state.type == S_IFREG, let found = try folder.read(path, links: .none),
                try filters.blob(for: found.bytes, at: path, unless: entry.id).equals(entry.id)
            {
                return nil
            }
        }
        return try filters.file(entry, at: path)
    }

    /// Records the state of files that the copied index lacks, so that no command has to read them again.
    func settleStates() throws(RepositoryError) {
        let now = timespec.now
        for position in 0..<index.count {
            guard let entry = index.entry(position)?.pointee, entry.file_size == 0, !entry.isLeftAlone,
                let name = entry.path
            else { continue }
            let path = TreePath(found: Array(UnsafeBufferPointer(start: name, count: strlen(name) + 1)))
            guard let state = try folder.state(of: path), state.type == S_IFREG,
                UInt32(state.gitMode(besides: entry.mode, isTrusted: trustsMode)) == entry.mode,
                // The scan reports an unreadable file.
                let found = try? folder.read(path, links: .none),
                try filters.blob(for: found.bytes, at: path, unless: entry.id).equals(entry.id)
            else { continue }
            index.refresh(position, state: found.state, verified: now)
        }
    }

    /// Restores the files of the last commit; returns whether that succeeded, as far as git can tell.
    ///
    /// Removes untracked files that are not ignored. False if something is in the way, such as a nested repository, or
    /// another process changes files at the same time.
    ///
    /// - Throws: `system` if a file cannot be written; otherwise as `scan()`.
    public func restore() throws(RepositoryError) -> Bool {
        for _ in 0..<3 {
            var scan = TreeScan(
                root: folder, index: index, filters: filters,
                rules: repository.ignoreRules(for: folder, index: index, own: ownRules), repository: handle.pointer,
                untrackedLimit: .max, trustsMode: trustsMode)
            try scan.run()
            guard scan.skipped.isEmpty else { return false }
            let wrong = scan.findings.map(\.path) + (try filesWithOtherEndings())
            if wrong.isEmpty { return true }
            var changes: [TreeWriter.Change] = []
            for path in Set(wrong) {
                let entry = index.position(of: path.cString).flatMap(index.entry)?.pointee
                let file = try entry.map { entry throws(RepositoryError) in try filters.file(entry, at: path) }
                changes.append(
                    TreeWriter.Change(
                        path: path, contents: file.map(\.bytes), mode: entry.map { UInt16($0.mode) } ?? 0o100644))
            }
            try TreeWriter(folder: folder).write(changes)
        }
        return false
    }

    /// The files that git considers unchanged, but that differ from what a checkout writes.
    ///
    /// Only line endings can differ so (other conversions prevent an overlay), and then sizes differ.
    private func filesWithOtherEndings() throws(RepositoryError) -> [TreePath] {
        let attributes = FolderTable(index).paths(named: OverlaidLayer.attributesFile)
        guard !attributes.isEmpty || repository.configured("core.autocrlf") != nil else { return [] }
        var database: OpaquePointer?
        try check(git_repository_odb(&database, repository.pointer), "open the objects")
        defer { git_odb_free(database) }
        var found: [TreePath] = []
        for position in 0..<index.count {
            guard let entry = index.entry(position)?.pointee, entry.mode & 0o170000 == 0o100000 else { continue }
            var (size, kind, id) = (0, GIT_OBJECT_BLOB, entry.id)
            try check(git_odb_read_header(&size, &kind, database, &id), "read the size of a file")
            if entry.file_size == UInt32(truncatingIfNeeded: size) { continue }
            let path = TreePath(found: Array(UnsafeBufferPointer(start: entry.path, count: strlen(entry.path) + 1)))
            if try folder.state(of: path)?.st_size != size { found.append(path) }
        }
        return found
    }
}
