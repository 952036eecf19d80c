import Glibc

/// Counts the lines of a stream and keeps those that look like errors, with their neighbors, in bounded memory.
struct ExcerptCollector {
    private static let matcher = ErrorLine()
    private static let textLimit = 400
    private static let partialLimit = 2048
    private static let linesAfter = 2

    private let skipped: Int
    private let byteLimit: Int
    private var lineCount = 0
    /// The offset of the current line.
    private var lineOffset = 0
    private var position = 0
    /// The beginning of the current line from earlier chunks.
    private var partial: [UInt8] = []
    /// The line before and its offset; the buffer is reused, because this runs for every line.
    private var before: [UInt8] = []
    private var beforeOffset: Int?
    private var after = 0
    private var first: [CapturedOutput.Excerpt] = []
    private var firstBytes = 0
    private var last: [CapturedOutput.Excerpt] = []
    private var lastBytes = 0

    /// - Parameter skipping: Lines that end within this many bytes are only counted.
    init(skipping: Int = 0, byteLimit: Int = 32 * 1024, firstLine: Int = 1, offset: Int = 0) {
        skipped = skipping
        self.byteLimit = byteLimit
        lineCount = firstLine - 1
        lineOffset = offset
        position = offset
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes
        while let base = rest.baseAddress, let end = memchr(base, 0x0A, rest.count) {
            let length = UnsafeRawPointer(end) - base
            endLine(UnsafeRawBufferPointer(rebasing: rest.prefix(length)))
            position += length + 1
            lineCount += 1
            lineOffset = position
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(length + 1))
        }
        guard !rest.isEmpty else { return }
        position += rest.count
        partial.append(contentsOf: rest.prefix(max(0, Self.partialLimit - partial.count)))
    }

    /// Returns the kept lines, in order, and the number of line ends.
    mutating func finish() -> (excerpts: [CapturedOutput.Excerpt], lineCount: Int) {
        if lineOffset < position { endLine(UnsafeRawBufferPointer(start: nil, count: 0)) }
        trimLast()
        return (first + last, lineCount)
    }

    /// Examines a line that these bytes complete.
    private mutating func endLine(_ bytes: UnsafeRawBufferPointer) {
        guard position + bytes.count > skipped else {
            partial.removeAll(keepingCapacity: true)
            return
        }
        guard partial.isEmpty else {
            partial.append(contentsOf: bytes.prefix(max(0, Self.partialLimit - partial.count)))
            let line = partial
            partial.removeAll(keepingCapacity: true)
            line.withUnsafeBytes { look(at: $0) }
            return
        }
        look(at: bytes)
    }

    private mutating func look(at line: UnsafeRawBufferPointer) {
        if Self.matcher.matches(line) {
            if let beforeOffset { keep(before, line: lineCount, offset: beforeOffset, isMatch: false) }
            keep(Array(line.prefix(Self.textLimit)), line: lineCount + 1, offset: lineOffset, isMatch: true)
            after = Self.linesAfter
            beforeOffset = nil
        } else if after > 0 {
            keep(Array(line.prefix(Self.textLimit)), line: lineCount + 1, offset: lineOffset, isMatch: false)
            after -= 1
            beforeOffset = nil
        } else {
            before.removeAll(keepingCapacity: true)
            before.append(contentsOf: UnsafeRawBufferPointer(rebasing: line.prefix(Self.textLimit)))
            beforeOffset = lineOffset
        }
    }

    private mutating func keep(_ text: [UInt8], line: Int, offset: Int, isMatch: Bool) {
        let excerpt = CapturedOutput.Excerpt(line: line, offset: offset, text: text, isMatch: isMatch)
        let size = text.count + 16
        if last.isEmpty, firstBytes + size <= byteLimit / 2 {
            firstBytes += size
            first.append(excerpt)
            return
        }
        lastBytes += size
        last.append(excerpt)
        // In bulk, because removing the first element of an array moves all others.
        if lastBytes > byteLimit { trimLast() }
    }

    private mutating func trimLast() {
        var dropped = 0
        while lastBytes > byteLimit / 2, dropped < last.count {
            lastBytes -= last[dropped].text.count + 16
            dropped += 1
        }
        last.removeFirst(dropped)
    }
}
