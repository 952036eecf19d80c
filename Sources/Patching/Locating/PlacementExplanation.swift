/// Says why a hunk has no place, and what helps to send a better one.
struct PlacementExplanation {
    private let hunk: Hunk
    private let path: String
    private let file: LineTable

    init(_ hunk: Hunk, path: String, in file: LineTable) {
        self.hunk = hunk
        self.path = path
        self.file = file
    }

    private var subject: String {
        "\(path): hunk \(hunk.number) (line \(hunk.patchLine) of \(hunk.isInPatch ? "the patch" : "its diff"))"
    }

    private func error(_ code: PatchError.Code, _ text: String, lines: [Int] = []) -> PatchError {
        PatchError(
            code, "\(subject) \(text)", path: path, patchLine: hunk.patchLine, fileLines: lines.map { $0 + 1 })
    }

    private static let anchorAdvice = "'@@' with the line of the class or function around it, or "

    /// What is composed otherwise at a place where the hunk fits but for that.
    private func composition(at start: Int) -> String? {
        zip(hunk.old, start..<file.count).lazy.compactMap { line, number in
            AlikeText(file: file[number], patch: line.text).map {
                " They look alike only: \(Self.spelled($0, number))."
            }
        }.first
    }

    /// The text behind `@@` is not in the file, or not in the block of the anchor before it.
    func anchorNotFound(_ anchor: LineBytes) -> PatchError {
        let like = NearestPlace.line(like: anchor, in: file)
        let hint =
            like.map { line in
                let alike = AlikeText(file: file[line].trimmed, patch: anchor.trimmed)
                return " Line \(line + 1) is most like it: '\(file[line].shown)'"
                    + (alike.map { "; at column \($0.column) of the text it has \($0.file), not \($0.patch)." } ?? ".")
            } ?? ""
        return error(
            .anchorNotFound,
            "has the anchor '@@ \(anchor.shown)', which is not a line of the file.\(hint) Send a whole line, or '@@' alone.",
            lines: like.map { [$0] } ?? [])
    }

    /// An inner anchor stands in another definition than the outer one names.
    func anchorIsElsewhere(_ anchor: LineBytes, at place: Int, in other: Int, outer: Int) -> PatchError {
        error(
            .anchorNotFound,
            """
            has the anchor '@@ \(anchor.shown)', which is line \(place + 1), in \(named(other)), and not in \
            \(named(outer)), as the '@@' line before it says. Name the one that you mean.
            """, lines: [place])
    }

    /// A line as the place that it is.
    private func named(_ line: Int) -> String { "'\(file[line].trimmed.shown)' (line \(line + 1))" }

    /// The hunk only adds, and its header names a line without saying what stands there.
    func withoutContext() -> PatchError {
        error(.notFound, "only adds lines, and line numbers do not place it. Add the lines around it as context.")
    }

    /// The hunk removes and adds the same lines.
    func withoutEffect() -> PatchError {
        error(
            .noEffect,
            """
            removes and adds the same lines, so it changes nothing. Leave it out; to change line endings or a final \
            newline, use a command.
            """)
    }

    /// The old lines are nowhere in the file, or only in excluded places.
    func notFound(search: HunkSearch, floor: Int) -> PatchError {
        let error = reason(search: search, floor: floor)
        guard let lines = search.newLines() else { return error }
        let subject =
            lines.count == 1
            ? "Line \(lines.upperBound) reads" : "Lines \(lines.lowerBound + 1) to \(lines.upperBound) read"
        return PatchError(
            error.code,
            error.message + (error.message.contains("\n") ? "\n" : " ")
                + "\(subject) as the hunk makes \(lines.count == 1 ? "it" : "them"): it may have been applied already.",
            path: path, patchLine: error.patchLine, fileLines: error.fileLines)
    }

    private func reason(search: HunkSearch, floor: Int) -> PatchError {
        if let (place, other, anchor) = search.strangePlace() {
            return error(
                .outOfOrder,
                """
                fits at line \(place + 1), but that is in \(named(other)), and its '@@' line names \(named(anchor)). \
                Send lines that stand there, or name the one that you mean.
                """, lines: [place])
        }
        if let place = search.anywhere() {
            if let anchor = search.anchorLine, place <= anchor {
                return error(
                    .outOfOrder,
                    """
                    fits at line \(place + 1), but its '@@' line is line \(anchor + 1), below that. Anchor it to a \
                    line above.
                    """, lines: [place])
            }
            if place < floor {
                return error(
                    .outOfOrder,
                    """
                    fits at line \(place + 1), but the hunk before it reaches to line \(floor). Send the hunks in the \
                    order of the file and without lines in common.
                    """, lines: [place])
            }
        }
        if let anchor = search.anchorLine, hunk.isPureInsertion {
            return error(
                .outOfOrder,
                """
                goes behind line \(anchor + 1), but the hunk before it reaches to line \(floor). Send the hunks in \
                the order of the file.
                """, lines: [anchor])
        }
        let old = hunk.old
        guard !old.isEmpty else {
            return error(
                .notFound, "adds lines behind line \(hunk.hint?.start ?? 0), but the file has \(file.count) lines.")
        }
        guard file.count > 0 else { return error(.notFound, "has old lines, but the file is empty.") }
        guard let nearest = NearestPlace(of: old, in: file) else {
            return error(
                .notFound,
                """
                has old lines that stand nowhere in the file, nor does anything like them: '\(old[0].text.shown)'. \
                Read the file again.
                """)
        }
        return error(
            .notFound, "fits nowhere. The nearest place is line \(nearest.start + 1); \(difference(old, nearest))",
            lines: [nearest.start])
    }

    private func difference(_ old: [HunkLine], _ nearest: NearestPlace) -> String {
        if let ending = differentEnding(old, nearest) { return ending }
        let line = nearest.start + nearest.offset
        guard line < file.count else {
            return """
                the file ends at line \(file.count), where the patch goes on with '\(old[nearest.offset].text.shown)'. \
                Send the lines as they are in the file.
                """
        }
        let kind = nearest.isIndentationOnly ? "is indented differently" : "differs"
        return """
            line \(line + 1) \(kind):
              file:  \(file[line].shown)
              patch: \(old[nearest.offset].text.shown)
            \(alike(old, nearest))Send the lines as they are in the file.
            """
    }

    /// A line for each old line, from the first that differs, that looks as it does in the file and is not the same.
    private func alike(_ old: [HunkLine], _ nearest: NearestPlace) -> String {
        let differences = (nearest.offset..<old.count).lazy.compactMap { offset -> String? in
            let line = nearest.start + offset
            guard line < file.count, !Fidelity.areEqual(old[offset].text, file[line]),
                let alike = AlikeText(file: file[line], patch: old[offset].text)
            else { return nil }
            return "They look alike: \(Self.spelled(alike, line)).\n"
        }
        return differences.prefix(Self.alikeLimit).joined()
    }

    private static let alikeLimit = 4

    private static func spelled(_ alike: AlikeText, _ line: Int) -> String {
        "in line \(line + 1), column \(alike.column), the file has \(alike.file) and the patch \(alike.patch)"
    }

    /// A hint if the lines differ in their endings only.
    private func differentEnding(_ old: [HunkLine], _ nearest: NearestPlace) -> String? {
        let lines = nearest.start..<min(nearest.start + old.count, file.count)
        guard hunk.endsLinesStrictly, lines.count == old.count,
            zip(old, lines).allSatisfy({ Fidelity.areEqual($0.text, file[$1]) }),
            let (line, number) = zip(old, lines).first(where: { line, number in
                line.ending.map { $0 != .none && $0 != file.ending(of: number) } ?? false
            })
        else { return nil }
        let (here, there) = line.ending == .crlf ? ("CRLF", "LF") : ("LF", "CRLF")
        return """
            line \(number + 1) ends with \(there) in the file and with \(here) in the patch. Send all lines of the \
            hunk with one ending to keep the file's.
            """
    }

    /// The hunk fits in several places.
    func ambiguous(_ places: [Int], last: Int, limit: Int, isComposed: Bool) -> PatchError {
        let difference = isComposed ? places.first.flatMap(composition(at:)) ?? "" : ""
        var numbers = places.prefix(limit).map { "\($0 + 1)" }
        if places.count > limit {
            numbers += ["… and \(last + 1)"]
        } else if let end = numbers.popLast() {
            numbers = numbers.isEmpty ? [end] : [numbers.joined(separator: ", ") + " and " + end]
        }
        return error(
            .ambiguous,
            """
            fits at lines \(numbers.joined(separator: ", ")). Add \(hunk.isUnified ? "" : Self.anchorAdvice)more context \
            lines\(hunk.isUnified ? " or the right line number" : "").\(difference)
            """, lines: places.prefix(limit) + (places.count > limit ? [last] : []))
    }
}
