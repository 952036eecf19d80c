/// What a patch does to one file, as far as the patch alone says it.
struct FileEdit: Sendable {
    enum Action: Sendable {
        /// Makes a file with these bytes.
        case create([UInt8])
        /// Changes a file; without hunks only its path or mode.
        case update([Hunk])
        /// Deletes a file; hunks, if there are any, must cover all of it.
        case delete([Hunk]?)
    }

    /// The path as the patch spells it; that of the source if the file moves or is copied.
    let path: String
    let action: Action
    /// Where the file goes.
    var destination: String?
    /// Whether the file also stays where it was.
    var isCopy = false
    /// The mode the patch asks for.
    var mode: FileMode?

    /// Whether the file is taken from the tree before the patch, whatever the other sections do to it.
    var takesFromBefore: Bool { destination != nil }
}

extension FileOperation {
    /// Reads the diff of the operation.
    func edit(_ dialect: PatchDialect) throws(PatchError) -> FileEdit {
        switch self {
        case .create(let path, let diff):
            let contents = try NewFileParser.contents(ArraySlice(diff.utf8), path: path, dialect: dialect)
            return FileEdit(path: path, action: .create(contents))
        case .delete(let path):
            return FileEdit(path: path, action: .delete(nil))
        case .update(let path, let diff, let destination):
            let hunks = try DiffParser.hunks(ArraySlice(diff.utf8), path: path)
            guard destination != nil || !hunks.isEmpty else { throw PatchError.withoutHunks(path) }
            return FileEdit(path: path, action: .update(hunks), destination: destination)
        }
    }
}

extension PatchError {
    static func withoutHunks(_ path: String) -> PatchError {
        PatchError(
            .emptyPatch, "\(path): the diff has no hunks. Send '@@' and below it ' ', '-' and '+' lines.", path: path)
    }
}
