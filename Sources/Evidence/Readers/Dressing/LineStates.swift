import Text

/// A line as a terminal would show it at the end: without what was printed over, and without styling.
struct LineStates {
    /// The bytes of the last state that shows anything.
    let last: [UInt8]

    private static let escape: UInt8 = 0x1B
    private static let bell: UInt8 = 0x07
    private static let backspace: UInt8 = 0x08
    private static let carriageReturn = UInt8(ascii: "\r")

    init(_ line: [UInt8]) {
        guard line.contains(where: { $0 < 0x20 && $0 != 0x09 }) || line.starts(with: Self.fold) else {
            last = line
            return
        }
        let states = Self.withoutCommands(line).split(separator: Self.carriageReturn)
        var shown: [UInt8] = []
        for state in states {
            let bytes = Self.withoutBackspaces(Array(String(decoding: state, as: UTF8.self).withoutStyling.utf8))
            // A bar that has been wiped out with blanks was the last thing to be seen.
            if !Self.isSectionMarker(bytes), bytes.contains(where: { $0 != 0x20 && $0 != 0x09 }) { shown = bytes }
        }
        last = shown
    }

    /// Without application commands such as Buildkite's times (`ESC _ bk;t=… BEL`), and with a return for each
    /// movement to the first column (`ESC [ 1 G`).
    private static func withoutCommands(_ line: [UInt8]) -> [UInt8] {
        guard line.contains(escape) else { return line }
        var kept: [UInt8] = []
        var rest = line[...]
        while let byte = rest.popFirst() {
            guard byte == escape, let kind = rest.first else {
                kept.append(byte)
                continue
            }
            if kind == UInt8(ascii: "_") {
                let end = rest.firstIndex { $0 == bell || $0 == escape } ?? rest.endIndex
                rest = rest[end...].dropFirst()
                if rest.first == UInt8(ascii: "\\") { rest = rest.dropFirst() }
            } else if kind == UInt8(ascii: "["), let length = returnLength(rest.dropFirst()) {
                rest = rest.dropFirst(1 + length)
                kept.append(carriageReturn)
            } else {
                kept.append(byte)
            }
        }
        return kept
    }

    /// The length of `G`, `0G` or `1G`.
    private static func returnLength(_ sequence: ArraySlice<UInt8>) -> Int? {
        var rest = sequence
        if rest.first == UInt8(ascii: "0") || rest.first == UInt8(ascii: "1") { rest = rest.dropFirst() }
        return rest.first == UInt8(ascii: "G") ? sequence.count - rest.count + 1 : nil
    }

    private static func withoutBackspaces(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(backspace) else { return bytes }
        var kept: [UInt8] = []
        for byte in bytes {
            guard byte == backspace else {
                kept.append(byte)
                continue
            }
            while let removed = kept.popLast(), removed & 0xC0 == 0x80 {}
        }
        return kept
    }

    private static let sections = ["section_start:", "section_end:", "travis_fold:", "travis_time:"].map {
        Array($0.utf8)
    }
    private static let fold = Array("section_".utf8)

    /// `section_start:1700000000:name[collapsed=true]` of GitLab, `travis_fold:start:name` of Travis.
    private static func isSectionMarker(_ bytes: [UInt8]) -> Bool {
        sections.contains { bytes.starts(with: $0) } && !bytes.contains(UInt8(ascii: " "))
    }
}
