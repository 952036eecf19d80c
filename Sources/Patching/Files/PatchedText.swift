/// Writes the new bytes of a file from the old ones and the placed hunks.
///
/// Lines that stay keep their bytes. A new line takes the ending of the line it replaces, else of the line above it,
/// unless the diff means its endings (see ``HunkEndings``). A file without a final newline keeps to that unless the
/// diff says otherwise.
struct PatchedText {
    private let file: LineTable
    private let path: String
    private let dialect: PatchDialect
    private lazy var encoding = TextEncoding.kind(of: file.bytes[file.textStart...])
    private lazy var isTellable = TextEncoding.isTellable(file.bytes[file.textStart...])
    private var result: [UInt8] = []
    /// The next line of the old file to write.
    private var next = 0
    /// What to write before anything follows the old last line that had no ending.
    private var owedEnding: LineEnding = .none
    /// How the last line written ends.
    private var lastEnding: LineEnding = .none
    /// Whether the diff shows the byte-order mark as a part of line 0; else it stays in front whatever comes there.
    private var meansMark = false
    /// Whether some old lines end otherwise in the diff, so that lines without such neighbours follow the file too.
    private var isConverted = false

    init(_ file: LineTable, path: String, dialect: PatchDialect) {
        self.file = file
        self.path = path
        self.dialect = dialect
    }

    /// The new bytes; the placements come in the order of the file.
    mutating func applying(_ placements: [Placement]) throws(PatchError) -> [UInt8] {
        var finalNewline = file.count == 0 || !file.endsUnterminated
        result.reserveCapacity(file.bytes.count + placements.count * 64)
        meansMark = file.hasByteOrderMark && Self.meansMark(placements)
        isConverted = !placements.allSatisfy { $0.endsAsInDiff(file) }
        for placement in placements {
            try apply(placement)
            if let asked = placement.hunk.finalNewline, placement.start + placement.height == file.count {
                finalNewline = asked
            }
        }
        copy(upTo: file.count)
        settleFinalNewline(finalNewline)
        if file.hasByteOrderMark, !meansMark, !result.starts(with: LineTable.byteOrderMark) {
            result.insert(contentsOf: LineTable.byteOrderMark, at: 0)
        }
        return result
    }

    private static func meansMark(_ placements: [Placement]) -> Bool {
        let first = placements.first { $0.start == 0 && $0.height > 0 }
        guard let line = first?.lines.first(where: { $0.kind != .added }) else {
            return placements.contains { $0.hunk.isUnified && $0.start == 0 }
        }
        return line.text.starts(with: LineTable.byteOrderMark)
    }

    private mutating func apply(_ placement: Placement) throws(PatchError) {
        var line = placement.start
        var removed: [HunkLine] = []
        var added: [HunkLine] = []
        let meansEndings = placement.hunk.isPureInsertion ? !isConverted : placement.endsAsInDiff(file)
        func isSame(_ one: HunkLine, _ other: HunkLine) -> Bool {
            guard one.text.elementsEqual(other.text) else { return false }
            return !meansEndings || one.ending == nil || other.ending == nil || one.ending == other.ending
        }
        func flush(_ text: inout PatchedText) throws(PatchError) {
            let same = zip(removed, added).prefix { isSame($0, $1) }.count
            let rest = min(removed.count, added.count) - same
            let sameAtEnd = zip(removed.reversed(), added.reversed()).prefix(rest).prefix { isSame($0, $1) }.count
            let start = line - removed.count + same
            let end = line - sameAtEnd
            if start < end || same + sameAtEnd < added.count {
                try text.replace(
                    start..<end, removed[same..<removed.count - sameAtEnd],
                    with: added[same..<added.count - sameAtEnd], placement: placement, meansEndings: meansEndings)
            }
            removed = []
            added = []
        }
        for hunkLine in placement.lines {
            switch hunkLine.kind {
            case .context:
                try flush(&self)
                line += 1
            case .removed:
                if !added.isEmpty { try flush(&self) }
                removed.append(hunkLine)
                line += 1
            case .added: added.append(hunkLine)
            }
        }
        try flush(&self)
    }

    private mutating func replace(
        _ lines: Range<Int>, _ removed: ArraySlice<HunkLine>, with added: ArraySlice<HunkLine>, placement: Placement,
        meansEndings: Bool
    ) throws(PatchError) {
        copy(upTo: lines.lowerBound)
        next = max(next, lines.upperBound)
        for (index, line) in added.enumerated() {
            let beside = lines.isEmpty ? lines.lowerBound - 1 : min(lines.lowerBound + index, lines.upperBound - 1)
            let ending = file.endingNear(beside) ?? file.endingNear(lines.lowerBound) ?? endingOfDiff(placement)
            payEnding()
            // A line that the diff has twice stays as the file has it, which may not be as the diff has it.
            if !meansMark, let same = removed.firstIndex(where: { $0.text.elementsEqual(line.text) }) {
                result += file[lines.lowerBound + same - removed.startIndex]
            } else {
                result += try encoded(placement.shift.applied(to: line.text), placement)
            }
            let said = meansEndings && line.ending != LineEnding.none ? line.ending : nil
            lastEnding = said ?? ending
            result += lastEnding.bytes
        }
    }

    private mutating func copy(upTo line: Int) {
        guard next < line else { return }
        payEnding()
        result += file.bytes[(next == 0 && meansMark ? 0 : file.starts[next])..<file.starts[line]]
        next = line
        lastEnding = file.ending(of: line - 1)
        if line == file.count, file.endsUnterminated { owedEnding = file.endingNear(line - 1) ?? .lf }
    }

    private mutating func payEnding() {
        result += owedEnding.bytes
        owedEnding = .none
    }

    private mutating func settleFinalNewline(_ wanted: Bool) {
        if wanted {
            payEnding()
        } else if owedEnding == .none, !result.isEmpty {
            // A carriage return in front of a line feed may be the line's own.
            result.removeLast(lastEnding.bytes.count)
        }
    }

    private func endingOfDiff(_ placement: Placement) -> LineEnding {
        dialect == .native && placement.hunk.hasCRLF ? .crlf : .lf
    }

    /// A new line in the file's encoding.
    private mutating func encoded(_ text: LineBytes, _ placement: Placement) throws(PatchError) -> LineBytes {
        guard TextEncoding.isBeyondASCII(text), encoding != .utf8 else { return text }
        if placement.hunk.isBytes, !placement.fitsTranscoded(in: file) { return text }
        if !placement.fitsTranscoded(in: file), !isTellable {
            throw PatchError(
                .encoding,
                """
                \(path): the file is not UTF-8 and nothing tells its encoding, so the new line '\(text.shown)' of hunk \
                \(placement.hunk.number) cannot be written in it. Write the line in ASCII, or change it with a command.
                """, path: path, patchLine: placement.hunk.patchLine)
        }
        let isReplacement = text.indices.contains { text[$0...].starts(with: TextEncoding.replacement) }
        if encoding == .mixed, !isReplacement, !placement.fitsLatin1(in: file) { return text }
        if !isReplacement, let latin1 = TextEncoding.latin1(text) { return latin1[...] }
        throw PatchError(
            .encoding,
            """
            \(path): the file is not UTF-8, and the new line '\(text.shown)' of hunk \(placement.hunk.number) has a \
            character that Latin-1 lacks. Write the line in ASCII, or change it with a command.
            """, path: path, patchLine: placement.hunk.patchLine)
    }
}

extension Placement {
    /// Whether an old line of the hunk is UTF-8 and the file has it in Latin-1.
    fileprivate func fitsTranscoded(in file: LineTable) -> Bool {
        zip(lines.lazy.filter { $0.kind != .added }, start..<min(start + height, file.count)).contains { line, number in
            TextEncoding.isBeyondASCII(line.text) && TextEncoding.kind(of: line.text) == .utf8
                && TextEncoding.kind(of: file[number]) == .latin1
        }
    }

    /// Whether an old line of the hunk stands in the file in Latin-1.
    fileprivate func fitsLatin1(in file: LineTable) -> Bool {
        (start..<min(start + height, file.count)).contains { TextEncoding.kind(of: file[$0]) == .latin1 }
    }
}
