/// One line of a hunk.
struct HunkLine: Sendable {
    enum Kind { case context, removed, added }

    let kind: Kind
    var text: LineBytes
    /// The ending the line had in the diff, where that says something; see ``HunkEndings``.
    var ending: LineEnding?
}

/// One change of a diff: where it belongs, and its lines.
struct Hunk: Sendable {
    /// Its place among the hunks of its file, counted from 1.
    let number: Int
    /// The line of the patch it begins at.
    let patchLine: Int
    /// The texts behind `@@`, outermost first.
    var anchors: [LineBytes] = []
    /// Whether the anchor came as the section of a unified header and so is a hint only.
    var anchorIsHint = false
    /// The line numbers of a unified header.
    var hint: LineHint?
    var lines: [HunkLine] = []
    /// Whether `*** End of File` stands below the lines.
    var endsFile = false
    /// What `\ No newline at end of file` says: false if the new file ends without one, true if only the old one did.
    var finalNewline: Bool?

    /// Whether all its lines ended with CRLF in the diff.
    var hasCRLF = false
    /// Whether old lines must also end as they do in the diff.
    var endsLinesStrictly = false
    /// Whether it comes of a unified diff, whose line numbers, counts and final newlines are meant exactly.
    var isUnified = false
    /// Whether new lines are bytes and not text to be put into the file's encoding.
    var isBytes = false
    /// Whether ``patchLine`` counts from the top of a whole patch, not of the diff of one file.
    var isInPatch = false

    /// The lines that must stand in the file.
    var old: [HunkLine] { lines.filter { $0.kind != .added } }
    /// Whether the hunk only adds.
    var isPureInsertion: Bool { lines.allSatisfy { $0.kind == .added } }
    /// Whether the hunk changes anything.
    var changes: Bool { lines.contains { $0.kind != .context } }
    /// Whether it is the one hunk of a file that has been empty or was not there.
    var startsEmptyFile: Bool { isUnified && isPureInsertion && hint?.start == 0 && hint?.count == 0 }
    /// Whether it removes and adds the same lines.
    var keepsLines: Bool {
        guard changes else { return false }
        let new = lines.lazy.filter { $0.kind != .removed }
        return lines.count { $0.kind == .removed } == lines.count { $0.kind == .added }
            && zip(old, new).allSatisfy { $0.text.elementsEqual($1.text) && $0.endsLike($1) }
    }
    /// How many context lines come before the first change.
    var leadingContext: Int { lines.prefix { $0.kind == .context }.count }
}

extension HunkLine {
    /// Whether two lines of a diff end alike, as far as their endings say something.
    func endsLike(_ other: HunkLine) -> Bool {
        guard let ending, let end = other.ending, ending != .none, end != .none else { return true }
        return ending == end
    }
}

/// A unified header: `@@ -start,count +…,newCount`; a count that is left out is 1.
struct LineHint: Sendable {
    let start: Int
    let count: Int?
    var newStart: Int?
    var newCount: Int?

    /// Reads what stands behind `@@`; the rest is what follows the ranges.
    static func read(_ text: LineBytes) -> (hint: LineHint, rest: LineBytes)? {
        var rest = text.trimmed
        func number() -> Int? {
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            guard let value = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
            rest = rest.dropFirst(digits.count)
            return value
        }
        func range(_ sign: Unicode.Scalar) -> (Int, Int?)? {
            guard rest.first == UInt8(ascii: sign) else { return nil }
            rest = rest.dropFirst()
            guard let start = number() else { return nil }
            guard rest.first == UInt8(ascii: ",") else { return (start, nil) }
            rest = rest.dropFirst()
            guard let count = number() else { return nil }
            return (start, count)
        }
        guard let old = range("-"), rest.first == 0x20 else { return nil }
        rest = rest.dropFirst(rest.indentation.count)
        guard let new = range("+"), rest.isEmpty || rest.first == 0x20 else { return nil }
        rest = rest.trimmed
        if rest.starts(with: "@@".utf8) { rest = rest.dropFirst(2).trimmed }
        return (LineHint(start: old.0, count: old.1, newStart: new.0, newCount: new.1), rest)
    }
}
