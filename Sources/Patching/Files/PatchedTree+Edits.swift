import Text

extension PatchedTree {
    /// Makes the edits of one patch.
    ///
    /// Each edit sees the files as those before it have left them, with one exception: what a later edit takes away is
    /// no obstacle. A file put where another stands that is moved or deleted further down pushes that aside, and the
    /// later edit means the one pushed aside. So files can change places, and order does not matter where the patch
    /// frees the path itself. In a unified diff, moves and copies take the files as they were before all edits, as git
    /// does.
    ///
    /// A symbolic link is moved and deleted as the link it is. Hunks for a link are refused and the message names the
    /// file it points to: a write through a link would end somewhere else than the patch says.
    mutating func apply(_ edits: [FileEdit], dialect: PatchDialect) throws(PatchError) {
        var group = EditGroup(edits, dialect: dialect)
        if dialect == .native, edits.count > 1 {
            for edit in edits where edit.destination != nil {
                group.before[edit.path.path] = try entry(at: edit.path.path)
            }
            for edit in edits where edit.destination != nil && !edit.isCopy { remove(edit.path.path) }
        }
        for position in edits.indices { try apply(position, in: &group) }
        try requireTree()
    }

    private mutating func apply(_ position: Int, in group: inout EditGroup) throws(PatchError) {
        let edit = group.edits[position]
        let (path, dialect) = (edit.path, group.dialect)
        switch edit.action {
        case .create(let contents):
            if dialect == .envelope, !group.frees(path.path, after: position) {
                let original = try entry(at: path.path).file
                if original?.isLink == true { throw PatchError.link(path, original) }
            }
            try makeRoom(for: path, at: position, in: &group, "Send an update of it instead.")
            write(StoredFile(contents), to: path, mode: edit.mode)
        case .delete(let hunks):
            guard let original = try take(edit, in: &group).file else {
                throw PatchError.missing(path, "delete.", lookalikes: lookalikes(of: path))
            }
            if let hunks { try requireAll(of: original, hunks, path: path, dialect: dialect) }
        case .update(let hunks):
            let taken = try take(edit, in: &group)
            guard let original = taken.file ?? (hunks.first?.startsEmptyFile == true ? StoredFile([]) : nil) else {
                throw PatchError.missing(
                    path, "update. Check the path, or create the file.", lookalikes: lookalikes(of: path))
            }
            if original.isLink, !hunks.isEmpty || edit.mode != nil { throw PatchError.link(path, original) }
            let contents = try PatchEngine.apply(
                hunks, to: original.bytes, path: path.description, dialect: dialect)
            let result = StoredFile(contents, isLink: original.isLink)
            guard let destination = edit.destination else {
                write(result, to: path, mode: edit.mode)
                return
            }
            try makeRoom(for: destination, at: position, in: &group, "Move to a path that is free.")
            write(result, to: destination, modeFrom: taken.modeFrom, mode: edit.mode ?? taken.mode)
        }
    }

    /// The file that an edit is about, which is gone then if the edit moves or deletes it.
    private mutating func take(_ edit: FileEdit, in group: inout EditGroup) throws(PatchError) -> PatchedEntry {
        let path = edit.path.path
        if edit.destination != nil, let entry = group.before[path] { return entry }
        let entry = try entry(at: path)
        if edit.takesAway {
            if let aside = group.aside.removeValue(forKey: path) { return aside }
            remove(path)
        }
        if entry.isFolder, entry.file == nil { throw PatchError.isDirectory(path) }
        return entry
    }

    /// Pushes aside what stands at a path if a later edit takes it away; else refuses it where files may not be
    /// replaced.
    private mutating func makeRoom(
        for path: PatchPath, at position: Int, in group: inout EditGroup, _ advice: String
    ) throws(PatchError) {
        let entry = try entry(at: path.path)
        guard entry.file != nil else { return }
        if group.aside[path.path] == nil, group.frees(path.path, after: position) {
            group.aside[path.path] = entry
            remove(path.path)
            return
        }
        guard group.dialect == .envelope else {
            throw PatchError(.fileExists, "\(path): there is such a file already. \(advice)", path: path.path.text)
        }
        // What the patch does not show would be lost without anybody having asked for it.
        if let source = entry.modeFrom, source != path.path {
            throw PatchError(
                .fileExists,
                "\(path): the patch moves '\(source)' there already. Give each file a path of its own.",
                path: path.path.text)
        }
        noteReplaced(path.path)
    }

    /// Refuses to delete a file of which a diff shows only a part.
    private func requireAll(
        of file: StoredFile, _ hunks: [Hunk], path: PatchPath, dialect: PatchDialect
    ) throws(PatchError) {
        let rest = try PatchEngine.apply(hunks, to: file.bytes, path: path.description, dialect: dialect)
        guard HunkText.isEmpty(rest) else {
            throw PatchError(
                .notFound, "\(path): the patch deletes the file, but the file has lines that the patch does not show.",
                path: path.path.text, patchLine: hunks.first?.patchLine)
        }
    }
}

/// The edits that are made together, and the files that are in between.
private struct EditGroup {
    let edits: [FileEdit]
    let dialect: PatchDialect
    /// What moves and copies take, where they do not see the edits before them.
    var before: [BytePath: PatchedEntry] = [:]
    /// The files that others were put in the place of, until the edit that takes them away.
    var aside: [BytePath: PatchedEntry] = [:]
    /// The last edit that takes the file at a path away, unless that happens before all edits.
    private let freed: [BytePath: Int]

    init(_ edits: [FileEdit], dialect: PatchDialect) {
        self.edits = edits
        self.dialect = dialect
        freed = Dictionary(
            edits.indices.filter { edits[$0].takesAway && (dialect == .envelope || edits[$0].destination == nil) }
                .map { (edits[$0].path.path, $0) }, uniquingKeysWith: { $1 })
    }

    /// Whether an edit further down takes the file at a path away.
    func frees(_ path: BytePath, after position: Int) -> Bool { (freed[path] ?? -1) > position }
}

extension PatchError {
    /// The error of a patch that would write through a link.
    static func link(_ path: PatchPath, _ file: StoredFile?) -> PatchError {
        let target = ArraySlice(file?.bytes ?? []).shown
        return PatchError(
            .symbolicLink,
            "\(path) is a symbolic link to '\(target)', which a patch can move or delete only. Name that file itself.",
            path: path.path.text)
    }
}
