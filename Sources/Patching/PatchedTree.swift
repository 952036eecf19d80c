/// The files as the operations so far leave them, over a tree that is read as needed.
struct PatchedTree {
    private struct Entry {
        /// What the tree below has there.
        let base: [UInt8]?
        var contents: [UInt8]?
        /// The path below whose mode the file has; nil for a new file.
        var modeFrom: String?
    }

    private var entries: [String: Entry] = [:]
    private var order: [String] = []

    /// The bytes of a file, nil if there is none.
    mutating func contents(of path: String, reading: (String) throws -> [UInt8]?) throws(PatchError) -> [UInt8]? {
        if let entry = entries[path] { return entry.contents }
        let base: [UInt8]?
        do {
            base = try reading(path)
        } catch let error as PatchError {
            throw error
        } catch {
            throw PatchError(.unreadable, "\(path) cannot be read: \(error)", path: path, underlying: error)
        }
        entries[path] = Entry(base: base, contents: base, modeFrom: base == nil ? nil : path)
        order.append(path)
        return base
    }

    /// Refuses a path that is taken, runs through a file, or is a folder.
    mutating func requireRoom(
        for path: PatchPath, dialect: PatchDialect, _ advice: String, reading: (String) throws -> [UInt8]?
    ) throws(PatchError) {
        if try contents(of: path.text, reading: reading) != nil, dialect == .native {
            throw PatchError(.fileExists, "\(path): there is such a file already. \(advice)", path: path.text)
        }
        for parent in path.parents where try isFile(parent, reading: reading) {
            throw PatchError(
                .notADirectory, "\(path): '\(parent)' is a file, not a folder. Choose another path.", path: path.text)
        }
        let prefix = path.text + "/"
        if order.contains(where: { $0.hasPrefix(prefix) && entries[$0]?.contents != nil }) {
            throw PatchError.isDirectory(path.text)
        }
    }

    private mutating func isFile(_ path: String, reading: (String) throws -> [UInt8]?) throws(PatchError) -> Bool {
        do {
            return try contents(of: path, reading: reading) != nil
        } catch  where error.code == .isDirectory {
            return false
        }
    }

    /// The path below whose mode a file has.
    func modeSource(of path: String) -> String? { entries[path]?.modeFrom }

    /// Writes a file that was read before.
    mutating func write(_ contents: [UInt8], to path: String) {
        entries[path]?.contents = contents
    }

    /// Writes a file that comes from another path.
    mutating func write(_ contents: [UInt8], to path: String, modeFrom source: String?) {
        entries[path]?.contents = contents
        entries[path]?.modeFrom = source
    }

    /// Takes a file away.
    mutating func remove(_ path: String) {
        entries[path]?.contents = nil
        entries[path]?.modeFrom = nil
    }

    /// What is different from the tree below.
    var changes: ChangeSet {
        ChangeSet(
            order.compactMap { path in
                guard let entry = entries[path] else { return nil }
                let source = entry.modeFrom == path ? nil : entry.modeFrom
                if source == nil, entry.contents == entry.base { return nil }
                return FileChange(path: path, contents: entry.contents, modeFrom: source)
            })
    }
}
