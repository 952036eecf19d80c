/// Takes Markdown fences off that stand around a patch, with the text in front of them and behind.
///
/// A fence counts only if a patch begins in its first line. Lines of a patch begin with a sign or a space, so that the
/// fences inside a patch of a Markdown file never stand where the fence around it ends.
struct PatchFence {
    private let indentation: LineBytes
    private let mark: UInt8
    private let length: Int

    /// Reads the line that opens a fence: three or more backticks or tildes, and perhaps a word behind them.
    private init?(opening line: DiffLine) {
        indentation = line.text.indentation
        let text = line.text.trimmed
        guard let first = text.first, first == UInt8(ascii: "`") || first == UInt8(ascii: "~") else { return nil }
        mark = first
        length = text.prefix { $0 == first }.count
        guard length >= 3, first == UInt8(ascii: "~") || !text.dropFirst(length).contains(first) else { return nil }
    }

    private func closes(at line: DiffLine) -> Bool {
        let text = line.text.trimmed
        return text.count >= length && text.allSatisfy { $0 == mark }
            && line.text.indentation.elementsEqual(indentation)
    }

    /// A line inside the fence, without the indentation that the fence has.
    private func content(_ line: DiffLine) -> DiffLine {
        let common = zip(line.text, indentation).prefix { $0 == $1 }.count
        return DiffLine(number: line.number, text: line.text.dropFirst(common), ending: line.ending)
    }

    /// The lines of a patch without fences around it.
    ///
    /// Text that also holds a patch outside of fences is left as it is, for that may be a mail that quotes one.
    ///
    /// - Throws: `.badFormat` if there are several fences with envelopes, of which only one could be meant.
    static func unwrapped(_ lines: [DiffLine]) throws(PatchError) -> [DiffLine] {
        var blocks: [[DiffLine]] = []
        var next = 0
        while next < lines.count {
            let line = lines[next]
            next += 1
            guard let fence = PatchFence(opening: line) else {
                if begins(lines[(next - 1)...]) { return lines }
                continue
            }
            let end = lines[next...].firstIndex(where: fence.closes)
            let content = lines[next..<(end ?? lines.count)].map(fence.content)
            if begins(content.drop { $0.isBlank }) {
                // The line that closes a fence parts its diffs from those in the next one.
                blocks.append(content + (end.map { [fence.content(lines[$0])] } ?? []))
            } else if end == nil {
                continue
            }
            next = (end ?? lines.count - 1) + 1
        }
        guard let first = blocks.first else { return lines }
        if blocks.count > 1, blocks.contains(where: isEnvelope) {
            throw PatchError(
                .badFormat,
                "The text holds \(blocks.count) patches in fences, of which only one can be applied at a time.")
        }
        guard isEnvelope(first) else { return Array(blocks.joined()) }
        return first.last.map { PatchFence(opening: $0) != nil } ?? false ? first.dropLast() : first
    }

    /// The lines of the diff of one file without a fence around all of it.
    static func unwrapped(diff lines: [DiffLine]) -> [DiffLine] {
        guard let start = lines.firstIndex(where: { !$0.isBlank }), let end = lines.lastIndex(where: { !$0.isBlank }),
            start < end, let fence = PatchFence(opening: lines[start]), fence.closes(at: lines[end])
        else { return lines }
        return lines[(start + 1)..<end].map(fence.content)
    }

    private static func isEnvelope(_ block: [DiffLine]) -> Bool {
        block.first { !$0.isBlank }.map { !isDiff($0) && !$0.begins("--- ") } ?? false
    }

    /// Whether a patch begins with these lines.
    private static func begins(_ lines: ArraySlice<DiffLine>) -> Bool {
        guard let line = lines.first else { return false }
        let text = line.text.trimmed
        if text.starts(with: "*** Begin Patch".utf8) || text.starts(with: "<<".utf8) || isDiff(line) { return true }
        return line.begins("--- ") && lines.dropFirst().first?.begins("+++ ") == true
    }

    private static func isDiff(_ line: DiffLine) -> Bool {
        if line.begins("diff --git ") || line.begins("Index: ") { return true }
        let name = line.text.dropFirst(5).prefix(40)
        return line.begins("From ") && name.count == 40
            && name.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
