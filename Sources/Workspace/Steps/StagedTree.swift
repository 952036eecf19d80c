import Patching
import Text

/// A tree with the changes that are staged, for the patches after them.
struct StagedTree<Below: PatchSource>: PatchSource {
    let changes: ChangeSet
    let below: Below

    func file(at path: BytePath) throws -> StoredFile? {
        if let change = changes[path] { return change.contents.map { StoredFile($0, isLink: change.mode == .link) } }
        do { return try below.file(at: path) } catch let error as PatchError where error.code == .isDirectory {
            guard isEmptied(path) else { throw error }
            return nil
        }
    }

    /// Whether the changes take the files of a folder away, all that there are.
    private func isEmptied(_ folder: BytePath) -> Bool {
        changes.changes.contains { $0.contents == nil && $0.path.isBelow(folder) } && !hasFile(below: folder)
    }

    private func hasFile(below folder: BytePath) -> Bool {
        // What cannot be looked at is there.
        guard let names = try? names(in: folder) else { return true }
        return names.contains { name in
            let path = folder.appending(name)
            if let change = changes[path] { return change.contents != nil }
            do { return try below.file(at: path) != nil } catch {
                return (error as? PatchError)?.code != .isDirectory || hasFile(below: path)
            }
        }
    }

    func names(in folder: BytePath) throws -> [BytePath] {
        var names = Set(try below.names(in: folder))
        for change in changes.changes where change.path.isBelow(folder) {
            let depth = folder.names.count
            let name = change.path.names[depth]
            // A deleted file is listed by its folder, and has nothing at its path.
            if change.contents != nil { names.insert(name) }
        }
        return Array(names)
    }
}
