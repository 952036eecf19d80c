/// The files after the operations so far, over a tree that is read as needed.
struct PatchedTree {
    fileprivate struct Entry {
        /// What the tree below has there.
        let base: StoredFile?
        var file: StoredFile?
        /// The path below whose mode the file has; nil for a new file.
        var modeFrom: String?
        /// The mode the patch asked for.
        var mode: FileMode?
        /// Whether another file was put in the place of the one below, which was still there.
        var isReplaced = false
    }

    private var entries: [String: Entry] = [:]
    private var order: [String] = []

    /// What stands at a path, nil if nothing does.
    mutating func file(at path: String, reading: Reading) throws(PatchError) -> StoredFile? {
        if let entry = entries[path] { return entry.file }
        let base: StoredFile?
        do {
            base = try reading(path)
        } catch let error as PatchError {
            throw error
        } catch {
            throw PatchError(.unreadable, "\(path) cannot be read: \(error)", path: path, underlying: error)
        }
        entries[path] = Entry(base: base, file: base, modeFrom: base == nil ? nil : path)
        order.append(path)
        return base
    }

    /// What stands at a path that was read before.
    func known(at path: String) -> StoredFile? { entries[path]?.file }

    /// Refuses a path that is taken, runs through a file, or is a folder.
    mutating func requireRoom(
        for path: PatchPath, dialect: PatchDialect, _ advice: String, reading: Reading
    ) throws(PatchError) {
        if try file(at: path.text, reading: reading) != nil {
            guard dialect == .envelope else {
                throw PatchError(.fileExists, "\(path): there is such a file already. \(advice)", path: path.text)
            }
            if entries[path.text]?.base != nil { entries[path.text]?.isReplaced = true }
        }
        for parent in path.parents where try isFile(parent, reading: reading) {
            throw PatchError(
                .notADirectory, "\(path): '\(parent)' is a file, not a folder. Choose another path.", path: path.text)
        }
        let prefix = path.text + "/"
        if order.contains(where: { $0.hasPrefix(prefix) && entries[$0]?.file != nil }) {
            throw PatchError.isDirectory(path.text)
        }
    }

    private mutating func isFile(_ path: String, reading: Reading) throws(PatchError) -> Bool {
        do {
            return try file(at: path, reading: reading) != nil
        } catch  where error.code == .isDirectory {
            return false
        }
    }

    /// The path below whose mode a file has.
    func modeSource(of path: String) -> String? { entries[path]?.modeFrom }

    /// Writes a file that was read before.
    mutating func write(_ file: StoredFile, to path: String, mode: FileMode?) {
        entries[path]?.file = file
        if let mode { entries[path]?.mode = mode }
    }

    /// Writes a file that comes from another path.
    mutating func write(_ file: StoredFile, to path: String, modeFrom source: String?, mode: FileMode?) {
        entries[path]?.file = file
        entries[path]?.modeFrom = source
        entries[path]?.mode = mode
    }

    /// Deletes a file.
    mutating func remove(_ path: String) {
        entries[path]?.file = nil
        entries[path]?.modeFrom = nil
        entries[path]?.mode = nil
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

extension PatchedTree.Entry {
    /// The mode to ask for: also where a link gives way to a file or a file to a link.
    fileprivate var change: FileMode? {
        guard let file else { return nil }
        if file.isLink { return .link }
        return mode ?? (base?.isLink == true && modeFrom == nil ? .regular : nil)
    }
}
