import Text

/// Reads the diff of an update into hunks.
///
/// Accepted and ignored: blank lines before a header, unified headers, `--- a` and `+++ b` on top, the markers of an
/// envelope around a native diff. Any other line that does not belong to a diff is refused with its number.
struct DiffParser {
    private let path: PatchPath
    private let lines: [DiffLine]
    private let origin: Origin
    private var next = 0
    private var hunks: [Hunk] = []

    /// What is known of the patch around a diff.
    struct Origin {
        let endings: HunkEndings
        var isBytes = false
        var isWholePatch = false
    }

    /// Reads a diff that came alone.
    static func hunks(_ diff: ArraySlice<UInt8>, path: PatchPath) throws(PatchError) -> [Hunk] {
        let lines = PatchFence.unwrapped(diff: DiffLine.split(diff))
        return try hunks(lines, path: path, origin: Origin(endings: HunkEndings(of: lines)))
    }

    /// Reads a diff that is part of a patch.
    static func hunks(_ lines: [DiffLine], path: PatchPath, origin: Origin) throws(PatchError) -> [Hunk] {
        var parser = DiffParser(path: path, lines: lines, origin: origin)
        return try parser.parse()
    }

    private init(path: PatchPath, lines: [DiffLine], origin: Origin) {
        self.path = path
        self.lines = lines
        self.origin = origin
    }

    private mutating func parse() throws(PatchError) -> [Hunk] {
        try skipPreamble()
        while true {
            skipBlankLines()
            guard let line = current else { break }
            if line.reads("*** End Patch") {
                next += 1
                skipBlankLines()
                if let line = current { throw refusal(line, "comes behind '*** End Patch'") }
                break
            }
            hunks.append(try hunk())
        }
        return hunks
    }

    private var current: DiffLine? { next < lines.count ? lines[next] : nil }

    private mutating func skipBlankLines() {
        while let line = current, line.isBlank, !line.begins(" ") { next += 1 }
    }

    private mutating func skipPreamble() throws(PatchError) {
        skipBlankLines()
        if let line = current, line.reads("*** Begin Patch") { next += 1 }
        if let line = current, line.begins("*** Update File:") {
            let name = BytePath(bytes: line.text.dropFirst("*** Update File:".utf8.count).trimmed)
            guard try PatchPath(name) == path else {
                throw refusal(line, "names another file than the operation")
            }
            next += 1
        }
        if next + 2 < lines.count, lines[next].begins("--- "), lines[next + 1].begins("+++ "),
            lines[next + 2].begins("@@")
        {
            next += 2
        }
    }

    private mutating func hunk() throws(PatchError) -> Hunk {
        guard let first = current else {
            throw PatchError(.emptyHunk, "\(path): a hunk has no lines.", path: path.path.text)
        }
        var hunk = Hunk(number: hunks.count + 1, patchLine: first.number)
        (hunk.isBytes, hunk.isInPatch) = (origin.isBytes, origin.isWholePatch)
        while let line = current, line.begins("@@") {
            read(header: line, into: &hunk)
            next += 1
        }
        let hasHeader = current?.number != first.number
        if !hasHeader, hunk.number > 1 {
            throw refusal(first, "begins a hunk without a header; put '@@' on a line of its own before it")
        }
        var body: [DiffLine] = []
        while let line = current, try read(line, into: &hunk) {
            if line.text.first != UInt8(ascii: "\\") {
                body.append(line)
            } else if let last = body.last {
                origin.endings.noteMissing(&hunk.lines[hunk.lines.count - 1], last)
            }
            next += 1
        }
        if let line = current, line.begins("*** End of File"), line.reads("*** End of File") {
            hunk.endsFile = true
            next += 1
        }
        dropStrayBlankLines(&hunk, body)
        guard !hunk.lines.isEmpty else {
            throw PatchError(
                .emptyHunk,
                """
                \(path): the hunk at line \(first.number) of the patch has no lines. Below '@@' send context lines \
                (' '), removed lines ('-') and added lines ('+').
                """, path: path.path.text, patchLine: first.number)
        }
        origin.endings.note(body, in: &hunk)
        return hunk
    }

    /// Drops empty lines at the end of a hunk that otherwise only adds; they separate it from the next one.
    private func dropStrayBlankLines(_ hunk: inout Hunk, _ body: [DiffLine]) {
        let stray = body.reversed().prefix { $0.text.isEmpty }.count
        if stray > 0, hunk.lines.dropLast(stray).allSatisfy({ $0.kind == .added }) { hunk.lines.removeLast(stray) }
    }

    private func read(header line: DiffLine, into hunk: inout Hunk) {
        var text = line.text.dropFirst(2)
        if let (hint, section) = LineHint.read(text) {
            hunk.hint = hint
            hunk.anchorIsHint = true
            text = section
        } else if text.hasSuffix(ArraySlice(" @@".utf8)) {
            text = text.dropLast(3)
        }
        if text.first == 0x20 { text = text.dropFirst() }
        let hasText = text.contains { !$0.isLineSpace && $0 != UInt8(ascii: ".") }
        if hasText { hunk.anchors.append(text) }
    }

    /// Takes one body line in; false if the line ends the hunk.
    private func read(_ line: DiffLine, into hunk: inout Hunk) throws(PatchError) -> Bool {
        let text = line.text.dropFirst()
        switch line.text.first {
        case nil: hunk.lines.append(HunkLine(kind: .context, text: text))
        case UInt8(ascii: " "): hunk.lines.append(HunkLine(kind: .context, text: text))
        case UInt8(ascii: "-"): hunk.lines.append(HunkLine(kind: .removed, text: text))
        case UInt8(ascii: "+"): hunk.lines.append(HunkLine(kind: .added, text: text))
        case UInt8(ascii: "\\") where line.begins("\\ No newline") && !hunk.lines.isEmpty:
            if hunk.lines.last?.kind == .removed {
                hunk.finalNewline = hunk.finalNewline ?? true
            } else {
                hunk.finalNewline = false
            }
        case UInt8(ascii: "@") where line.begins("@@"): return false
        case UInt8(ascii: "*") where line.reads("*** End of File") || line.reads("*** End Patch"): return false
        case UInt8(ascii: "*") where line.begins("*** "):
            throw refusal(
                line,
                origin.isWholePatch
                    ? "is neither a line of a diff nor the header of a file"
                    : "is not a line of a diff; one diff changes one file")
        default:
            if line.isBlank {
                hunk.lines.append(HunkLine(kind: .context, text: line.text))
                return true
            }
            throw refusal(
                line, "is not a line of a diff; begin each line with ' ' (context), '-' (removed), '+' (added) or '@@'")
        }
        return true
    }

    private func refusal(_ line: DiffLine, _ reason: String) -> PatchError {
        PatchError(
            .badFormat, "\(path): line \(line.number) of the patch, '\(line.text.shown)', \(reason).",
            path: path.path.text,
            patchLine: line.number)
    }
}
