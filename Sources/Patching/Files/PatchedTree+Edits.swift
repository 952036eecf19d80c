extension PatchedTree {
    /// The function that reads the tree below.
    typealias Reading = (String) throws -> StoredFile?

    /// Makes edits, one after the other; those that move or copy take the files as they were before all of them, so
    /// that two files can change places.
    ///
    /// A symbolic link is moved and deleted as the link it is. Hunks for a link are refused and the message names the
    /// file it points to: a write through a link would end somewhere else than the patch says.
    mutating func apply(_ edits: [FileEdit], dialect: PatchDialect, reading: Reading) throws(PatchError) {
        let isGroup = edits.count > 1 && dialect == .native
        if isGroup {
            // Whatever moves or is copied is read before anything changes.
            for edit in edits where edit.takesFromBefore {
                _ = try file(at: try PatchPath(edit.path).text, reading: reading)
            }
        }
        let before = self
        if isGroup {
            for edit in edits where edit.takesFromBefore && !edit.isCopy { remove(try PatchPath(edit.path).text) }
        }
        for edit in edits {
            try apply(edit, from: isGroup && edit.takesFromBefore ? before : nil, dialect: dialect, reading: reading)
        }
    }

    private mutating func apply(
        _ edit: FileEdit, from before: PatchedTree?, dialect: PatchDialect, reading: Reading
    ) throws(PatchError) {
        let path = try PatchPath(edit.path)
        let known = try file(at: path.text, reading: reading)
        let original = before.map { $0.known(at: path.text) } ?? known
        let modeFrom = (before ?? self).modeSource(of: path.text)
        switch edit.action {
        case .create(let contents):
            if original?.isLink == true, dialect == .envelope { throw PatchError.link(path, original) }
            try requireRoom(for: path, dialect: dialect, "Send an update of it instead.", reading: reading)
            write(StoredFile(contents), to: path.text, mode: edit.mode)
        case .delete(let hunks):
            guard let original else {
                throw PatchError(.fileMissing, "\(path): there is no such file to delete.", path: path.text)
            }
            if let hunks { try requireAll(of: original, hunks, path: edit.path, dialect: dialect) }
            remove(path.text)
        case .update(let hunks):
            guard let original = original ?? (hunks.first?.startsEmptyFile == true ? StoredFile([]) : nil) else {
                throw PatchError(
                    .fileMissing,
                    "\(path): there is no such file to update. Check the path, or create the file.", path: path.text)
            }
            if original.isLink, !hunks.isEmpty || edit.mode != nil { throw PatchError.link(path, original) }
            let contents = try PatchEngine.apply(hunks, to: original.bytes, path: edit.path, dialect: dialect)
            let result = StoredFile(contents, isLink: original.isLink)
            guard let moveTo = edit.destination, case let destination = try PatchPath(moveTo), destination != path
            else {
                write(result, to: path.text, mode: edit.mode)
                return
            }
            if !edit.isCopy, before == nil { remove(path.text) }
            try requireRoom(for: destination, dialect: dialect, "Move to a path that is free.", reading: reading)
            write(result, to: destination.text, modeFrom: modeFrom, mode: edit.mode)
        }
    }

    /// Refuses to delete a file of which a diff shows only a part.
    private func requireAll(
        of file: StoredFile, _ hunks: [Hunk], path: String, dialect: PatchDialect
    ) throws(PatchError) {
        let rest = try PatchEngine.apply(hunks, to: file.bytes, path: path, dialect: dialect)
        guard HunkText.isEmpty(rest) else {
            throw PatchError(
                .notFound, "\(path): the patch deletes the file, but the file has lines that the patch does not show.",
                path: path, patchLine: hunks.first?.patchLine)
        }
    }
}

extension PatchError {
    /// The error of a patch that would write through a link.
    static func link(_ path: PatchPath, _ file: StoredFile?) -> PatchError {
        let target = ArraySlice(file?.bytes ?? []).shown
        return PatchError(
            .symbolicLink,
            "\(path) is a symbolic link to '\(target)', which a patch can move or delete only. Name that file itself.",
            path: path.text)
    }
}
