/// Truncates a stream for the model.
///
/// A stream that fits is returned whole. Of a longer one remain the beginning, the lines that look like errors with
/// their neighbors, and the end; notes between them say how much is omitted and how to read it.
public struct OutputTruncation: Sendable, Equatable {
    /// The most bytes of the result.
    public let byteLimit: Int
    /// The handle by which the whole stream can be read; nil to name none.
    public let handle: String?
    /// The offset of this stream in the stream of that handle.
    public let offset: Int

    /// Makes a truncation; a limit below 1 gives an empty text.
    public init(byteLimit: Int, handle: String? = nil, offset: Int = 0) {
        self.byteLimit = byteLimit
        self.handle = handle
        self.offset = offset
    }

    /// Renders a stream as UTF-8 within the limit, with U+FFFD for invalid UTF-8.
    public func render(_ output: CapturedOutput) -> String {
        if let whole = output.whole {
            let text = UTF8Text(repairing: whole)
            if text.bytes.count <= byteLimit { return text.string }
        }
        let room = byteLimit - noteLength(output)
        // Too small for a note; the end is the most useful part.
        guard room >= 64 else {
            return UTF8Text(repairing: trimmedTail(output)).suffix(byteLimit, byLines: false).string
        }

        let (start, end) = texts(output)
        var head = start.prefix(room * 3 / 10, byLines: true)
        var tail = end.suffix(room * 4 / 10, byLines: true)
        let excerpts = excerpts(output, after: head.bytes.count, before: output.totalBytes - tail.bytes.count)
        let middle = ExcerptText(excerpts, byteLimit: room - head.bytes.count - tail.bytes.count)
        if middle.text.isEmpty {
            // Without error lines their share goes to both ends.
            head = start.prefix(room * 4 / 10, byLines: true)
            tail = end.suffix(room - head.bytes.count, byLines: true)
        }
        return join(output, head: head, middle: middle, tail: tail)
    }

    private func join(_ output: CapturedOutput, head: UTF8Text, middle: ExcerptText, tail: UTF8Text) -> String {
        let lines = output.lineCount - head.lineEnds - tail.lineEnds - middle.count
        let bytes = max(0, output.totalBytes - head.bytes.count - tail.bytes.count - middle.sourceBytes)
        var result = head.string
        if let last = head.bytes.last, last != 0x0A { result += "\n" }
        let place = min(head.bytes.count, output.totalBytes)
        result += note(bytes: bytes, lines: max(0, lines), from: place, hasExcerpts: !middle.text.isEmpty)
        result += middle.text
        if !middle.text.isEmpty { result += Self.restMark }
        return result + tail.string
    }

    private static let restMark = "[the end:]\n"

    private func note(bytes: Int, lines: Int, from start: Int, hasExcerpts: Bool) -> String {
        let place = handle.map { "; read_output handle=\($0) offset=\(offset + start)" } ?? ""
        let follows = hasExcerpts ? "; lines that look like errors:" : ""
        return "[\(bytes) bytes, \(lines) lines left out\(place)\(follows)]\n"
    }

    /// The most bytes that notes can take.
    private func noteLength(_ output: CapturedOutput) -> Int {
        note(bytes: output.totalBytes, lines: output.lineCount, from: output.totalBytes, hasExcerpts: true).utf8.count
            + Self.restMark.utf8.count + 1
    }

    /// Beginning and end as text, without characters that the capture has split.
    private func texts(_ output: CapturedOutput) -> (start: UTF8Text, end: UTF8Text) {
        if let whole = output.whole {
            let text = UTF8Text(repairing: whole)
            return (text, text)
        }
        let head = output.head.dropLast(UTF8Text.unfinishedSuffix(output.head))
        return (UTF8Text(repairing: Array(head)), UTF8Text(repairing: trimmedTail(output)))
    }

    private func trimmedTail(_ output: CapturedOutput) -> [UInt8] {
        if let whole = output.whole { return whole }
        return Array(output.tail.dropFirst(UTF8Text.danglingPrefix(output.tail)))
    }

    /// Error lines between two offsets, from the kept parts of beginning, middle and end.
    private func excerpts(
        _ output: CapturedOutput, after start: Int, before end: Int
    ) -> [CapturedOutput.Excerpt] {
        let found: [CapturedOutput.Excerpt]
        if let whole = output.whole {
            found = scan(whole, firstLine: 1, offset: 0)
        } else {
            let tailEnds = output.tail.count { $0 == 0x0A }
            found =
                scan(output.head, firstLine: 1, offset: 0) + output.excerpts
                + scan(
                    output.tail, firstLine: output.lineCount - tailEnds + 1,
                    offset: output.totalBytes - output.tail.count)
        }
        var line = 0
        return found.filter { excerpt in
            guard excerpt.line > line, excerpt.offset >= start, excerpt.offset + excerpt.text.count <= end else {
                return false
            }
            line = excerpt.line
            return true
        }
    }

    private func scan(_ bytes: [UInt8], firstLine: Int, offset: Int) -> [CapturedOutput.Excerpt] {
        var collector = ExcerptCollector(firstLine: firstLine, offset: offset)
        bytes.withUnsafeBytes { collector.append($0) }
        return collector.finish().excerpts
    }
}
