/// A file's bytes and where its lines are; nothing is decoded and nothing copied.
struct LineTable {
    let bytes: [UInt8]
    /// Where each line starts, and where the last one ends.
    let starts: [Int]
    /// Whether the file begins with a byte-order mark; line 0 is read without it.
    let hasByteOrderMark: Bool

    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Cuts a file into lines, and finds on the way the lines that have one of the wanted fingerprints.
    init(_ bytes: [UInt8], finding wanted: inout WantedLines) {
        self.bytes = bytes
        hasByteOrderMark = bytes.starts(with: Self.byteOrderMark)
        starts = wanted.scan(bytes, from: hasByteOrderMark ? 3 : 0)
    }

    /// How many lines there are; a byte-order mark alone is none.
    var count: Int { starts.count - 1 }

    /// Where the text of the first line begins.
    var textStart: Int { hasByteOrderMark ? 3 : 0 }

    /// Whether the last line lacks its ending.
    var endsUnterminated: Bool { count > 0 && bytes[bytes.count - 1] != 0x0A }

    /// A line without its ending.
    subscript(line: Int) -> LineBytes {
        bytes[starts[line]..<starts[line + 1] - ending(of: line).bytes.count]
    }

    /// How a line ends.
    func ending(of line: Int) -> LineEnding {
        let end = starts[line + 1]
        guard end > starts[line], bytes[end - 1] == 0x0A else { return .none }
        return end - 1 > starts[line] && bytes[end - 2] == 0x0D ? .crlf : .lf
    }

    /// How a new line beside that one should end: as that line does, else as one before it.
    func endingNear(_ line: Int) -> LineEnding? {
        for candidate in [line, line - 1] where candidate >= 0 && candidate < count {
            let ending = ending(of: candidate)
            if ending != .none { return ending }
        }
        return nil
    }
}
