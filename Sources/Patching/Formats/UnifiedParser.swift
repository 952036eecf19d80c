/// Reads unified diffs: those of git with all their headers, and plain ones.
///
/// Text before, between and behind the diffs is ignored, so that a mail of `git format-patch` is a patch. The numbers
/// in the headers of hunks are the truth about how many lines a hunk has, because only they tell a removed `-- x` from
/// the header of a file. Where a hunk lies is another matter: its line number is taken if the hunk fits there, else the
/// one place where it fits; lines that are only added are placed by number alone if the file is still as it was
/// counted.
struct UnifiedParser {
    private let lines: [DiffLine]
    private let endings: HunkEndings
    private var next = 0

    /// The edits of a patch; a group ends where other text parts the diffs, as between the mails of a series.
    static func groups(_ lines: [DiffLine]) throws(PatchError) -> [[FileEdit]] {
        var parser = UnifiedParser(lines: lines, endings: HunkEndings(of: lines))
        let groups = try parser.parse()
        guard !groups.isEmpty else {
            throw PatchError(
                .emptyPatch,
                """
                The patch has no header of a file. A unified diff has '--- a/path' and '+++ b/path' above its hunks, \
                '/dev/null' for a file that is not there.
                """)
        }
        return groups
    }

    private init(lines: [DiffLine], endings: HunkEndings) {
        self.lines = lines
        self.endings = endings
    }

    private var current: DiffLine? { next < lines.count ? lines[next] : nil }

    private mutating func parse() throws(PatchError) -> [[FileEdit]] {
        var groups: [[FileEdit]] = []
        var isParted = true
        while let line = current {
            guard let edit = try section() else {
                try refuseStrayHunk(line)
                if !line.isBlank { isParted = true }
                next += 1
                continue
            }
            if isParted { groups.append([]) }
            groups[groups.count - 1].append(edit)
            isParted = false
        }
        return groups
    }

    private func refuseStrayHunk(_ line: DiffLine) throws(PatchError) {
        if line.begins("@@ -"), LineHint.read(line.text.dropFirst(2)) != nil {
            throw refusal(
                line, "is a hunk without the header of a file above it; put '--- a/path' and '+++ b/path' there")
        }
        if line.begins("diff --cc ") || line.begins("diff --combined ") {
            throw refusal(line, "is the diff of a merge; send one against a single commit")
        }
        if line.begins("Binary files "), line.text.hasSuffix(ArraySlice(" differ".utf8)) { throw binary(line, nil) }
    }

    /// Reads the diff of one file if it begins here.
    private mutating func section() throws(PatchError) -> FileEdit? {
        guard let first = current else { return nil }
        var header = UnifiedHeader(line: first)
        if first.begins("diff --git ") {
            header.readGitNames(first.text.dropFirst("diff --git ".utf8.count))
            next += 1
            while let line = current, header.readExtended(line) { next += 1 }
            if let line = current, line.begins("GIT binary patch") || line.begins("Binary files ") {
                throw binary(line, header.shownPath)
            }
        } else {
            guard first.begins("--- "), next + 2 < lines.count, lines[next + 1].begins("+++ "),
                lines[next + 2].begins("@@ ")
            else { return nil }
        }
        if let line = current, line.begins("--- "), next + 1 < lines.count, lines[next + 1].begins("+++ ") {
            header.readNames(line.text.dropFirst(4), lines[next + 1].text.dropFirst(4))
            next += 2
        }
        let path = header.shownPath ?? "the file"
        var hunks: [Hunk] = []
        while let line = current, line.begins("@@ ") {
            hunks.append(try hunk(line, number: hunks.count + 1, path: path))
        }
        return try header.edit(hunks, endings: endings)
    }

    private mutating func hunk(_ header: DiffLine, number: Int, path: String) throws(PatchError) -> Hunk {
        guard let (hint, _) = LineHint.read(header.text.dropFirst(2)) else {
            throw refusal(header, "has no line numbers; write '@@ -start,count +start,count @@'")
        }
        next += 1
        var hunk = Hunk(number: number, patchLine: header.number)
        (hunk.hint, hunk.isUnified, hunk.isBytes, hunk.isInPatch) = (
            LineHint(
                start: hint.start, count: hint.count ?? 1, newStart: hint.newStart, newCount: hint.newCount ?? 1), true,
            true, true
        )
        var (old, new) = (hint.count ?? 1, hint.newCount ?? 1)
        var body: [DiffLine] = []
        while let line = current {
            if line.begins("\\"), let last = body.last {
                endings.noteMissing(&hunk.lines[hunk.lines.count - 1], last)
                hunk.finalNewline = hunk.lines.last?.kind == .removed
                hunk.endsFile = true
                next += 1
                continue
            }
            guard old > 0 || new > 0, let kind = Self.kind(of: line) else { break }
            if kind != .added { old -= 1 }
            if kind != .removed { new -= 1 }
            hunk.lines.append(HunkLine(kind: kind, text: line.text.dropFirst()))
            body.append(line)
            next += 1
        }
        if old != 0 || new != 0 || followsMore() {
            throw PatchError(
                .badFormat,
                """
                \(path): the hunk at line \(header.number) of the patch does not have as many lines as its header \
                '\(header.text.shown)' says: the patch was cut off, or the numbers are wrong.
                """, path: path, patchLine: header.number)
        }
        guard !hunk.lines.isEmpty else { throw refusal(header, "has no lines") }
        endings.note(body, in: &hunk)
        return hunk
    }

    private static func kind(of line: DiffLine) -> HunkLine.Kind? {
        switch line.text.first {
        case nil, UInt8(ascii: " "): .context
        case UInt8(ascii: "-"): .removed
        case UInt8(ascii: "+"): .added
        default: nil
        }
    }

    /// Whether more lines of a hunk follow; `-- ` begins the signature of a mail.
    private func followsMore() -> Bool {
        guard let line = current else { return false }
        if line.begins("+") || line.begins(" ") { return !line.isBlank }
        guard line.begins("-"), !line.reads("--") else { return false }
        return !(line.begins("--- ") && next + 1 < lines.count && lines[next + 1].begins("+++ "))
    }

    private func binary(_ line: DiffLine, _ path: String?) -> PatchError {
        PatchError(
            .badFormat,
            """
            \(path.map { "\($0): " } ?? "")line \(line.number) of the patch is about a binary file, which only git can \
            patch: use 'git apply'.
            """, path: path, patchLine: line.number)
    }

    private func refusal(_ line: DiffLine, _ reason: String) -> PatchError {
        PatchError(
            .badFormat, "Line \(line.number) of the patch, '\(line.text.shown)', \(reason).", patchLine: line.number)
    }
}
