/// Applies patches to bytes.
///
/// It reads files through a function it is given and writes none: the result is a ``ChangeSet``. A patch is applied
/// whole or not at all, and a hunk is never put in one of several places it could mean.
public enum PatchEngine {
    /// Works out what the operations leave, each seeing what those before it did.
    ///
    /// - Parameters:
    ///   - operations: The operations, in order.
    ///   - dialect: The form their diffs came in.
    ///   - reading: Gives the bytes of a file by its path from the root, nil where there is none. For a
    ///     folder it throws ``PatchError/isDirectory(_:)``; otherwise a new file could take the folder's place.
    public static func changes(
        _ operations: [FileOperation], dialect: PatchDialect, reading: (String) throws -> [UInt8]?
    ) throws(PatchError) -> ChangeSet {
        var tree = PatchedTree()
        for operation in operations {
            do {
                try perform(operation, dialect: dialect, on: &tree, reading: reading)
            } catch {
                var error = error
                error.path = error.path ?? operation.path
                throw error
            }
        }
        return tree.changes
    }

    /// Applies the diff of one update to the bytes of a file.
    public static func apply(
        diff: String, to original: [UInt8], path: String, dialect: PatchDialect
    ) throws(PatchError) -> [UInt8] {
        let hunks = try DiffParser.hunks(ArraySlice(diff.utf8), path: path)
        guard !hunks.isEmpty else {
            throw PatchError(
                .emptyPatch, "\(path): the diff has no hunks. Send '@@' and below it ' ', '-' and '+' lines.",
                path: path)
        }
        let (file, placements) = try HunkPlacer.place(hunks, in: original, path: path, dialect: dialect)
        var text = PatchedText(file, path: path, dialect: dialect)
        return try text.applying(placements)
    }

    private static func perform(
        _ operation: FileOperation, dialect: PatchDialect, on tree: inout PatchedTree,
        reading: (String) throws -> [UInt8]?
    ) throws(PatchError) {
        let path = try PatchPath(operation.path)
        switch operation {
        case .create(_, let diff):
            let contents = try NewFileParser.contents(ArraySlice(diff.utf8), path: operation.path, dialect: dialect)
            try tree.requireRoom(for: path, dialect: dialect, "Send an update of it instead.", reading: reading)
            tree.write(contents, to: path.text)
        case .delete:
            guard try tree.contents(of: path.text, reading: reading) != nil else {
                throw PatchError(.fileMissing, "\(path): there is no such file to delete.", path: path.text)
            }
            tree.remove(path.text)
        case .update(_, let diff, let moveTo):
            guard let original = try tree.contents(of: path.text, reading: reading) else {
                throw PatchError(
                    .fileMissing,
                    "\(path): there is no such file to update. Check the path, or create the file.", path: path.text)
            }
            let isRename = moveTo != nil && diff.utf8.allSatisfy { $0.isLineSpace || $0 == 0x0A }
            let contents =
                isRename ? original : try apply(diff: diff, to: original, path: operation.path, dialect: dialect)
            guard let moveTo, case let destination = try PatchPath(moveTo), destination != path else {
                tree.write(contents, to: path.text)
                return
            }
            let source = tree.modeSource(of: path.text)
            tree.remove(path.text)
            try tree.requireRoom(
                for: destination, dialect: dialect, "Move to a path that is free.", reading: reading)
            tree.write(contents, to: destination.text, modeFrom: source)
        }
    }
}
