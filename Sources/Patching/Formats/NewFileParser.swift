import Text

/// Reads the diff of a new file: lines that all begin with `+`.
struct NewFileParser {
    /// The bytes of the new file.
    ///
    /// Native: each line keeps the ending it has in the diff, a last `+` alone only ends the line before it, and a
    /// missing final newline is put there. Envelope: each line ends with a line feed, or as in the patch if that has
    /// line feeds at all.
    static func contents(
        _ diff: ArraySlice<UInt8>, path: PatchPath, dialect: PatchDialect
    ) throws(PatchError) -> [UInt8] {
        let lines = PatchFence.unwrapped(diff: DiffLine.split(diff))
        return try contents(lines[...], path: path, dialect: dialect, endings: HunkEndings(of: lines))
    }

    /// The bytes of a new file whose lines are part of a patch.
    static func contents(
        _ body: ArraySlice<DiffLine>, path: PatchPath, dialect: PatchDialect, endings: HunkEndings
    ) throws(PatchError) -> [UInt8] {
        var lines = body
        if dialect == .native { unwrap(&lines, path: path) }
        while let last = lines.last, last.isBlank { lines.removeLast() }
        var endsWithNewline = true
        if let last = lines.last, last.begins("\\ No newline"), lines.count > 1 {
            endsWithNewline = false
            lines.removeLast()
        }
        var contents: [UInt8] = []
        let keepsEndings = dialect == .native || !endings.isConverted
        let commonEnding = lines.first?.ending == .crlf && dialect == .native ? LineEnding.crlf : .lf
        for line in lines {
            guard line.text.first == UInt8(ascii: "+") else {
                throw PatchError(
                    .badFormat,
                    """
                    \(path): line \(line.number) of the patch, '\(line.text.shown)', does not begin with '+'. Every \
                    line of a new file does, also an empty one.
                    """, path: path.path.text, patchLine: line.number)
            }
            let isLast = line.number == lines.last?.number
            if isLast, dialect == .native, line.text.count == 1, endsWithNewline { break }
            if isLast, !endsWithNewline {
                contents += (endings.isConverted ? line.text : line.textWithReturn).dropFirst()
                break
            }
            contents += line.text.dropFirst()
            contents += (keepsEndings && line.ending != .none ? line.ending : commonEnding).bytes
        }
        return contents
    }

    private static func names(_ line: DiffLine, _ path: PatchPath) -> Bool {
        let marker = "*** Add File:"
        guard line.begins(marker) else { return false }
        // A path that is refused is not the one of the operation.
        return (try? PatchPath(BytePath(bytes: line.text.dropFirst(marker.utf8.count).trimmed))) == path
    }

    /// Removes what some models put around the lines of a native diff.
    private static func unwrap(_ lines: inout ArraySlice<DiffLine>, path: PatchPath) {
        while let first = lines.first, first.isBlank { lines.removeFirst() }
        if let first = lines.first, first.reads("*** Begin Patch") { lines.removeFirst() }
        if let first = lines.first, names(first, path) { lines.removeFirst() }
        if let first = lines.first, first.begins("--- "), lines.dropFirst().first?.begins("+++ ") == true {
            lines.removeFirst(2)
        }
        if let first = lines.first, first.begins("@@") { lines.removeFirst() }
        while let last = lines.last, last.isBlank { lines.removeLast() }
        if let last = lines.last, last.reads("*** End Patch") { lines.removeLast() }
        if let last = lines.last, last.reads("*** End of File"), last.begins("*") { lines.removeLast() }
    }
}
