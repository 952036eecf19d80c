import Text

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

    /// The path; that of the source if the file moves or is copied.
    let path: PatchPath
    let action: Action
    /// Where the file goes; nil if it stays.
    let destination: PatchPath?
    /// Whether the file also stays where it was.
    let isCopy: Bool
    /// The mode the patch asks for.
    let mode: FileMode?
    /// The mode that the patch says the file had.
    let oldMode: FileMode?

    init(
        path: PatchPath, action: Action, destination: PatchPath? = nil, isCopy: Bool = false, mode: FileMode? = nil,
        oldMode: FileMode? = nil
    ) {
        self.path = path
        self.action = action
        self.destination = destination == path ? nil : destination
        self.isCopy = isCopy
        self.mode = mode
        self.oldMode = oldMode
    }

    /// Whether no file is left at the path where it was.
    var takesAway: Bool {
        if case .delete = action { return true }
        return destination != nil && !isCopy
    }
}

extension FileOperation {
    /// Reads the diff of the operation.
    func edit(_ dialect: PatchDialect) throws(PatchError) -> FileEdit {
        let path = try PatchPath(BytePath(path))
        switch self {
        case .create(_, let diff):
            let contents = try NewFileParser.contents(ArraySlice(diff.utf8), path: path, dialect: dialect)
            return FileEdit(path: path, action: .create(contents))
        case .delete:
            return FileEdit(path: path, action: .delete(nil))
        case .update(_, let diff, let destination):
            let hunks = try DiffParser.hunks(ArraySlice(diff.utf8), path: path)
            guard destination != nil || !hunks.isEmpty else { throw PatchError.withoutHunks(path.description) }
            return FileEdit(
                path: path, action: .update(hunks),
                destination: try destination.map { text throws(PatchError) in try PatchPath(BytePath(text)) })
        }
    }
}

extension PatchError {
    static func withoutHunks(_ path: String) -> PatchError {
        PatchError(
            .emptyPatch, "\(path): the diff has no hunks. Send '@@' and below it ' ', '-' and '+' lines.", path: path)
    }
}
