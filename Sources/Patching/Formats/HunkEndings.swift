/// What the line endings of a diff mean.
///
/// A file keeps its line endings whatever a diff's are, because models write line feeds whatever the file has, and
/// because whole patches are converted on their way. There are three exceptions, which make it possible to say a
/// change of endings and impossible to report one that was not made:
///
/// - A hunk that has both kinds of ending means them: old lines must end as they do in the diff, new lines get the
///   ending they have there.
/// - A hunk with CRLF in a patch that has line feeds elsewhere (as `git diff` writes it of a CRLF file), and every
///   hunk of a unified diff, means the endings of its new lines if the old ones end as they do in the file.
/// - A hunk that removes and adds the same lines is refused: it was a change of endings that got lost.
struct HunkEndings {
    /// Whether every line of the patch ends with CRLF: then that says nothing.
    let isConverted: Bool

    init(of patch: [DiffLine]) {
        isConverted = !patch.contains { $0.ending == .lf }
    }

    /// Notes in a hunk what the endings of its lines say; `body` are the lines it was made of.
    func note(_ body: [DiffLine], in hunk: inout Hunk) {
        let said = zip(body, hunk.lines).filter { !$0.0.text.isEmpty && $0.1.ending != LineEnding.none }.map(\.0.ending)
        let hasLF = said.contains(.lf)
        let hasCRLF = said.contains(.crlf)
        hunk.hasCRLF = hasCRLF && !hasLF
        hunk.endsLinesStrictly = hasCRLF && hasLF
        guard hunk.endsLinesStrictly || !isConverted && (hasCRLF || hunk.isUnified) else { return }
        for index in hunk.lines.indices where hunk.lines[index].ending == nil {
            hunk.lines[index].ending = body[index].text.isEmpty && hunk.endsLinesStrictly ? nil : body[index].ending
        }
    }

    /// Notes that a line has no ending; a carriage return at its end is then its own.
    func noteMissing(_ line: inout HunkLine, _ body: DiffLine) {
        line.ending = LineEnding.none
        if body.ending == .crlf, !isConverted { line.text = body.textWithReturn.dropFirst() }
    }
}

extension Placement {
    /// Whether the old lines end in the file as they do in the diff, as far as that says something.
    func endsAsInDiff(_ file: LineTable) -> Bool {
        zip(lines.lazy.filter { $0.kind != .added }, start..<file.count).allSatisfy { line, number in
            guard let ending = line.ending, ending != .none, file.ending(of: number) != .none else { return true }
            return ending == file.ending(of: number)
        }
    }

    /// Whether the hunk changes anything in the file, be it only the final newline.
    func hasEffect(in file: LineTable) -> Bool {
        guard hunk.keepsLines else { return true }
        return hunk.finalNewline.map { $0 == file.endsUnterminated && start + height == file.count } ?? false
    }
}
