import Text

/// The text form of a patch over several files: `*** Begin Patch` … `*** End Patch`.
///
/// Tolerated: white space and blank lines around the text, CRLF, a here-document around it, an
/// `*** Environment ID:` line, and stars behind the markers. Text before or behind is refused, because a patch that
/// lost its beginning or end looks like that.
public struct PatchEnvelope {
    /// Reads the operations of a patch, in order; their diffs follow ``PatchDialect/envelope``.
    ///
    /// The diffs are checked here, so that line numbers in errors are those of the patch.
    public static func parse(_ text: String) throws(PatchError) -> [FileOperation] {
        let bytes = Array(text.utf8)
        return try sections(DiffLine.split(bytes[...]), isUTF8: true).map { section in
            let diff = Self.text(section.body, in: bytes)
            return switch section.edit.action {
            case .create: .create(path: section.edit.path.path.text, diff: diff)
            case .update:
                .update(
                    path: section.edit.path.path.text, diff: diff, moveTo: section.edit.destination?.path.text)
            case .delete: .delete(path: section.edit.path.path.text)
            }
        }
    }

    /// Reads the edits of a patch as one group.
    static func edits(_ lines: [DiffLine], isUTF8: Bool) throws(PatchError) -> [[FileEdit]] {
        [try sections(lines, isUTF8: isUTF8).map(\.edit)]
    }

    private static func sections(_ lines: [DiffLine], isUTF8: Bool) throws(PatchError) -> [Section] {
        let origin = DiffParser.Origin(endings: HunkEndings(of: lines), isBytes: !isUTF8, isWholePatch: true)
        var envelope = try PatchEnvelope(lines[...], origin: origin)
        var sections: [Section] = []
        while let section = try envelope.section() { sections.append(section) }
        guard !sections.isEmpty else {
            throw PatchError(
                .emptyPatch,
                """
                The patch changes no file. Between its markers send '*** Add File: path', '*** Update File: path' or \
                '*** Delete File: path' sections.
                """)
        }
        return sections
    }

    /// What a section does, and the lines below its header.
    private struct Section {
        let edit: FileEdit
        var body: ArraySlice<DiffLine> = []
    }

    private var lines: ArraySlice<DiffLine>
    private let origin: DiffParser.Origin

    private init(_ all: ArraySlice<DiffLine>, origin: DiffParser.Origin) throws(PatchError) {
        lines = all
        self.origin = origin
        trimBlankLines()
        removeHereDocument()
        guard let first = lines.first, Self.isMarker(first, "*** Begin Patch") else {
            throw PatchError(
                .badFormat,
                "The first line of the patch must be '*** Begin Patch'\(Self.found(lines.first)).",
                patchLine: lines.first?.number)
        }
        lines.removeFirst()
        guard let last = lines.last, Self.isMarker(last, "*** End Patch") else {
            let reason =
                lines.contains { $0.begins("*** End Patch") }
                ? "; leave out what comes behind it" : "; without it the patch may be cut off"
            throw PatchError(
                .badFormat, "The last line of the patch must be '*** End Patch'\(Self.found(lines.last))\(reason).",
                patchLine: lines.last?.number)
        }
        lines.removeLast()
        if let line = lines.first, line.text.trimmed.starts(with: "*** Environment ID:".utf8) { lines.removeFirst() }
    }

    private mutating func trimBlankLines() {
        lines = lines.drop { $0.isBlank }
        while let last = lines.last, last.isBlank { lines.removeLast() }
    }

    private mutating func removeHereDocument() {
        guard let first = lines.first, let last = lines.last, first.text.trimmed.starts(with: "<<".utf8) else { return }
        var word = first.text.trimmed.dropFirst(2)
        if let quote = word.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") {
            guard word.count > 2, word.last == quote else { return }
            word = word.dropFirst().dropLast()
        }
        guard !word.isEmpty, lines.count > 2, last.text.trimmed.elementsEqual(word) else { return }
        lines = lines.dropFirst().dropLast()
        trimBlankLines()
    }

    private static func isMarker(_ line: DiffLine, _ marker: String) -> Bool {
        line.reads(marker) || line.reads(marker + " ***")
    }

    private static func found(_ line: DiffLine?) -> String {
        line.map { ", not '\($0.text.shown)'" } ?? ""
    }

    private mutating func section() throws(PatchError) -> Section? {
        lines = lines.drop { $0.isBlank }
        guard let header = lines.popFirst() else { return nil }
        if let path = try Self.path(in: header, behind: "*** Add File:") {
            let body = take { $0.begins("+") || $0.begins("\\ No newline") }
            if let next = lines.first(where: { !$0.isBlank }), next.begins("+") {
                throw PatchError(
                    .badFormat,
                    """
                    \(path): line \(next.number - 1) of the patch is blank. An empty line of a new file is a line \
                    with '+' alone.
                    """, path: path.path.text, patchLine: next.number - 1)
            }
            let contents = try NewFileParser.contents(
                body, path: path, dialect: .envelope, endings: origin.endings)
            return Section(edit: FileEdit(path: path, action: .create(contents)), body: body)
        }
        if let path = try Self.path(in: header, behind: "*** Delete File:") {
            return Section(edit: FileEdit(path: path, action: .delete(nil)))
        }
        guard let path = try Self.path(in: header, behind: "*** Update File:") else {
            throw PatchError(
                .badFormat,
                """
                Line \(header.number) of the patch, '\(header.text.shown)', is not a header of a file. Send \
                '*** Add File: path', '*** Delete File: path' or '*** Update File: path'; in a new file every line \
                begins with '+'.
                """, patchLine: header.number)
        }
        var destination: PatchPath?
        if let line = lines.first, let path = try Self.path(in: line, behind: "*** Move to:") {
            destination = path
            lines.removeFirst()
        }
        let body = take { !Self.isFileHeader($0) }
        let hunks = try DiffParser.hunks(Array(body), path: path, origin: origin)
        guard destination != nil || !hunks.isEmpty else {
            throw PatchError(
                .emptyPatch, "\(path): the update at line \(header.number) of the patch has no hunks.",
                path: path.path.text,
                patchLine: header.number)
        }
        return Section(
            edit: FileEdit(path: path, action: .update(hunks), destination: destination), body: body)
    }

    private mutating func take(while belongs: (DiffLine) -> Bool) -> ArraySlice<DiffLine> {
        let body = lines.prefix(while: belongs)
        lines = lines.dropFirst(body.count)
        return body
    }

    private static func isFileHeader(_ line: DiffLine) -> Bool {
        line.begins("*** Add File:") || line.begins("*** Delete File:") || line.begins("*** Update File:")
    }

    private static func path(in line: DiffLine, behind marker: String) throws(PatchError) -> PatchPath? {
        let text = line.text.trimmed
        guard text.starts(with: marker.utf8) else { return nil }
        return try PatchPath(BytePath(bytes: text.dropFirst(marker.utf8.count).trimmed))
    }

    /// The lines as they stand in the patch, endings and all.
    private static func text(_ lines: ArraySlice<DiffLine>, in bytes: [UInt8]) -> String {
        guard let first = lines.first, let last = lines.last else { return "" }
        let end = last.text.endIndex + last.ending.bytes.count
        return String(decoding: bytes[first.text.startIndex..<end], as: UTF8.self)
    }
}
