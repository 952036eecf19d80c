/// One line of a hunk.
struct HunkLine {
    enum Kind { case context, removed, added }

    let kind: Kind
    let text: LineBytes
    /// The ending the line had in the diff, where that says something: a hunk with one ending throughout says nothing.
    var ending: LineEnding?
}

/// One change of a diff: where it belongs, and its lines.
struct Hunk {
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

    /// The lines that must stand in the file.
    var old: [HunkLine] { lines.filter { $0.kind != .added } }
    /// Whether the hunk only adds.
    var isPureInsertion: Bool { lines.allSatisfy { $0.kind == .added } }
    /// Whether the hunk changes anything.
    var changes: Bool { lines.contains { $0.kind != .context } }
    /// How many context lines come before the first change.
    var leadingContext: Int { lines.prefix { $0.kind == .context }.count }
}

/// The old side of a unified header: `@@ -start,count +…`.
struct LineHint {
    let start: Int
    let count: Int?

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
        guard range("+") != nil, rest.isEmpty || rest.first == 0x20 else { return nil }
        rest = rest.trimmed
        if rest.starts(with: "@@".utf8) { rest = rest.dropFirst(2).trimmed }
        return (LineHint(start: old.0, count: old.1), rest)
    }
}
