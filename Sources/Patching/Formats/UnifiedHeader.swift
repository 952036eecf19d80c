import Text

/// What stands above the hunks of a file in a unified diff.
struct UnifiedHeader {
    /// The line it begins at.
    let line: DiffLine
    private var names: (old: LineBytes, new: LineBytes)?
    /// The names of `diff --git`, for files without hunks.
    private var gitNames: (old: LineBytes, new: LineBytes)?
    private var isNew = false
    private var isDeleted = false
    private var isRename = false
    private var isCopy = false
    private var source: LineBytes?
    private var destination: LineBytes?
    private var oldMode: LineBytes?
    private var newMode: LineBytes?

    init(line: DiffLine) {
        self.line = line
    }

    // MARK: Reading

    /// Reads the two names behind `diff --git`, of which unquoted ones with spaces are known by being equal.
    mutating func readGitNames(_ text: LineBytes) {
        let quote = UInt8(ascii: "\"")
        if text.first == quote, let (old, rest) = BytePath.unquoted(text), rest.first == 0x20 {
            gitNames = (old, DiffName.whole(rest.dropFirst()))
        } else if text.last == quote, let start = text.dropLast().lastIndex(of: quote), start > text.startIndex {
            gitNames = (text[..<(start - 1)], DiffName.whole(text[start...]))
        } else {
            for space in text.indices where text[space] == 0x20 {
                let pair = (old: text[..<space], new: text[(space + 1)...])
                // Only custom prefixes differ in length; trying all spaces of a long line is not worth it.
                guard pair.old.count == pair.new.count || text.count < 1_000 else { continue }
                let (old, new) = DiffName.withoutPrefixes(pair.old, pair.new)
                if old.elementsEqual(new) {
                    gitNames = pair
                    return
                }
            }
        }
    }

    /// Reads a line such as `rename from x`; false for any other.
    mutating func readExtended(_ line: DiffLine) -> Bool {
        func value(_ words: String) -> LineBytes? {
            line.begins(words) ? line.text.dropFirst(words.utf8.count) : nil
        }
        if let mode = value("old mode ") {
            oldMode = mode.trimmed
        } else if let mode = value("new mode ") {
            newMode = mode.trimmed
        } else if let mode = value("new file mode ") {
            (isNew, newMode) = (true, mode.trimmed)
        } else if let mode = value("deleted file mode ") {
            (isDeleted, oldMode) = (true, mode.trimmed)
        } else if let name = value("rename from ") ?? value("rename old ") {
            (isRename, source) = (true, DiffName.whole(name))
        } else if let name = value("rename to ") ?? value("rename new ") {
            destination = DiffName.whole(name)
        } else if let name = value("copy from ") {
            (isCopy, source) = (true, DiffName.whole(name))
        } else if let name = value("copy to ") {
            destination = DiffName.whole(name)
        } else if let index = value("index ") {
            if let mode = index.split(separator: 0x20).dropFirst().first { oldMode = oldMode ?? mode.trimmed }
        } else {
            return line.begins("similarity index ") || line.begins("dissimilarity index ")
        }
        return true
    }

    /// Reads what stands behind `--- ` and `+++ `.
    mutating func readNames(_ old: LineBytes, _ new: LineBytes) {
        names = (DiffName.untilTab(old), DiffName.untilTab(new))
    }

    // MARK: Meaning

    private var paths: (old: LineBytes, new: LineBytes)? {
        if let source, let destination { return (source, destination) }
        guard let (old, new) = names ?? gitNames else { return nil }
        return DiffName.withoutPrefixes(old, new)
    }

    /// The path for messages, if it can be told.
    var shownPath: String? {
        guard let (old, new) = paths else { return nil }
        let path = BytePath(bytes: DiffName.isNothing(new) ? old : new)
        // A path that is refused is shown as it is spelled.
        return (try? PatchPath(path))?.description ?? path.description
    }

    /// What the section does.
    func edit(_ hunks: [Hunk], endings: HunkEndings) throws(PatchError) -> FileEdit {
        guard let (old, new) = paths else { throw refusal("", "does not say which file it is about") }
        let path = try self.path(DiffName.isNothing(new) ? old : new)
        try requireFile(path)
        if isDeleted || DiffName.isNothing(new) {
            return FileEdit(path: try self.path(old), action: .delete(hunks), oldMode: keptMode)
        }
        let mode = try newMode.map { text throws(PatchError) in try self.mode(text, path) }
        if isNew || DiffName.isNothing(old) {
            guard hunks.allSatisfy(\.isPureInsertion), hunks.count < 2 else {
                throw refusal("\(path): ", "makes a new file but shows old lines of it")
            }
            return FileEdit(path: path, action: .create(Self.contents(hunks, endings)), mode: mode)
        }
        if isRename || isCopy {
            return FileEdit(
                path: try self.path(old), action: .update(hunks), destination: path, isCopy: isCopy, mode: mode,
                oldMode: keptMode)
        }
        guard !hunks.isEmpty || mode != nil else { throw refusal("\(path): ", "says nothing to do") }
        return FileEdit(path: path, action: .update(hunks), mode: mode, oldMode: keptMode)
    }

    /// The mode that the file had, as far as the diff says it.
    private var keptMode: FileMode? {
        guard let oldMode else { return nil }
        if oldMode.elementsEqual("120000".utf8) { return .link }
        return oldMode.elementsEqual("100755".utf8) ? .executable : .regular
    }

    private func path(_ name: LineBytes) throws(PatchError) -> PatchPath { try PatchPath(BytePath(bytes: name)) }

    private func requireFile(_ path: PatchPath) throws(PatchError) {
        for mode in [oldMode, newMode] {
            guard let mode else { continue }
            if mode.elementsEqual("160000".utf8) {
                throw refusal("\(path): ", "is about a submodule; use git for that")
            }
            // A patch may delete or move a link, but not decide where it points.
            let isKept = !isDeleted && !isRename && !isCopy
            if mode.elementsEqual("120000".utf8), isKept {
                throw refusal("\(path): ", "makes or changes a symbolic link; use 'ln -s' for that")
            }
        }
    }

    private func mode(_ text: LineBytes, _ path: PatchPath) throws(PatchError) -> FileMode {
        if text.elementsEqual("100644".utf8) || text.elementsEqual("100664".utf8) { return .regular }
        if text.elementsEqual("100755".utf8) { return .executable }
        throw refusal("\(path): ", "asks for the mode '\(text.shown)'; files are 100644 or 100755")
    }

    private static func contents(_ hunks: [Hunk], _ endings: HunkEndings) -> [UInt8] {
        var contents: [UInt8] = []
        let standard: LineEnding = endings.isConverted ? .crlf : .lf
        for line in hunks.flatMap(\.lines) {
            contents += line.text
            contents += (line.ending ?? standard).bytes
        }
        return contents
    }

    private func refusal(_ subject: String, _ reason: String) -> PatchError {
        PatchError(
            .badFormat, "\(subject)the diff at line \(line.number) of the patch \(reason).", path: shownPath,
            patchLine: line.number)
    }
}
