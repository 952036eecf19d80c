import Text

/// The files after the edits so far, over a tree that is read as needed.
struct PatchedTree<Source: PatchSource> {
    private let source: Source
    private var entries: [BytePath: PatchedEntry] = [:]
    private var order: [BytePath] = []
    /// Where the patch has put files that were not there.
    private var placed: [PatchPath] = []

    init(_ source: Source) {
        self.source = source
    }

    /// What stands at a path.
    mutating func entry(at path: BytePath) throws(PatchError) -> PatchedEntry {
        if let entry = entries[path] { return entry }
        var base: StoredFile?
        var isFolder = false
        do {
            base = try source.file(at: path)
        } catch let error as PatchError {
            guard error.code == .isDirectory else { throw error }
            isFolder = true
        } catch {
            throw PatchError(.unreadable, "\(path) cannot be read: \(error)", path: path.text, underlying: error)
        }
        let entry = PatchedEntry(base: base, isFolder: isFolder, file: base, modeFrom: base == nil ? nil : path)
        entries[path] = entry
        order.append(path)
        return entry
    }

    /// Changes the file at a path that was read before.
    mutating func write(_ file: StoredFile, to path: PatchPath, mode: FileMode?) {
        if entries[path.path]?.file == nil { placed.append(path) }
        entries[path.path]?.file = file
        if let mode { entries[path.path]?.mode = mode }
    }

    /// Puts a file from another path to one that was read before.
    mutating func write(_ file: StoredFile, to path: PatchPath, modeFrom source: BytePath?, mode: FileMode?) {
        entries[path.path]?.file = file
        entries[path.path]?.modeFrom = source
        entries[path.path]?.mode = mode
        placed.append(path)
    }

    /// Notes that the file below is to be replaced by another.
    mutating func noteReplaced(_ path: BytePath) {
        if entries[path]?.base != nil { entries[path]?.isReplaced = true }
    }

    /// Deletes a file.
    mutating func remove(_ path: BytePath) { entries[path]?.clear() }

    /// Refuses files that stand in each other's way: one below another, or in the place of a folder with files.
    mutating func requireTree() throws(PatchError) {
        let new = placed.filter { entries[$0.path]?.file != nil }
        placed = []
        var folders: Set<BytePath> = []
        for (path, entry) in entries where entry.file != nil { folders.formUnion(path.parents) }
        for path in new {
            for parent in path.path.parents where try entry(at: parent).file != nil {
                throw PatchError(
                    .notADirectory, "\(path): '\(parent)' is a file, not a folder. Choose another path.",
                    path: path.path.text)
            }
            let isFolder = entries[path.path]?.isFolder == true
            if isFolder || folders.contains(path.path), let rest = try file(below: path.path) {
                throw PatchError.isDirectory(path.path, with: rest)
            }
            // A folder that the patch takes nothing out of is somebody else's, empty or not.
            if isFolder, !order.contains(where: { $0.isBelow(path.path) && entries[$0]?.base != nil }) {
                throw PatchError.isDirectory(path.path)
            }
        }
    }

    /// Some file below a path.
    private mutating func file(below folder: BytePath) throws(PatchError) -> BytePath? {
        if let known = order.first(where: { $0.isBelow(folder) && entries[$0]?.file != nil }) { return known }
        for name in try names(in: folder) {
            let path = folder.appending(name)
            let entry = try entry(at: path)
            if entry.file != nil { return path }
            if entry.isFolder, let found = try file(below: path) { return found }
        }
        return nil
    }

    private func names(in folder: BytePath) throws(PatchError) -> [BytePath] {
        do { return try source.names(in: folder).sorted() } catch {
            throw PatchError(
                .unreadable, "\(folder) cannot be listed: \(error)", path: folder.text, underlying: error)
        }
    }

    /// The files that a reader takes for the one at a path, because only case, composition or hidden characters of
    /// their paths differ.
    mutating func lookalikes(of path: PatchPath) -> [BytePath] {
        var found: [BytePath] = [""]
        for name in path.path.names {
            let likeness = Likeness(name)
            // A hint is not worth another error.
            found = found.flatMap { folder in
                ((try? names(in: folder)) ?? []).filter { Likeness($0) == likeness }.map(folder.appending)
            }
            found = Array(found.prefix(8))
        }
        return found.filter { $0 != path.path && (try? entry(at: $0))?.file != nil }
    }

    /// The changes relative to the tree below.
    var changes: ChangeSet {
        var changes = ChangeSet(
            order.compactMap { path in
                guard let entry = entries[path] else { return nil }
                let source = entry.modeFrom == path ? nil : entry.modeFrom
                if source == nil, entry.mode == nil, entry.file == entry.base { return nil }
                return FileChange(path: path, contents: entry.file?.bytes, modeFrom: source, mode: entry.change)
            })
        changes.replaced = order.filter { changes[$0] != nil && entries[$0]?.isReplaced == true }
        return changes
    }
}
