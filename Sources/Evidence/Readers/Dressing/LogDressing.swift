/// Removes what terminals and CI systems put around the lines that a command printed.
///
/// That are colours and cursor movements, earlier states of progress bars, times in front of lines, the markers of
/// groups and sections, and the names that `docker compose` and `docker build` print in front. Text that has none of
/// them stays as it is.
public enum LogDressing {
    /// The lines of an output as the command wrote them, without their ends.
    ///
    /// Annotations such as `::error file=a.py,line=3::message` become `a.py:3: error: message`.
    public static func lines(of output: String) -> [String] {
        var kept: [String] = []
        for line in markedLines(of: output) {
            switch GroupMarker(line)?.meaning {
            case nil: kept.append(line)
            case .text(let text)?: kept.append(text)
            case .nothing?: break
            }
        }
        return kept
    }

    /// The lines with the markers of groups, by which the steps of a job are found.
    static func markedLines(of output: String) -> [String] {
        var raw = output.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
        // What follows the last line end is no line.
        if raw.last?.isEmpty == true { raw.removeLast() }
        if raw.first?.starts(with: byteOrderMark) == true { raw[0].removeFirst(byteOrderMark.count) }
        raw = LineStamp.removed(from: raw, kinds: LineStamp.aroundRawLines)
        raw = raw.map { LineStates($0).last }
        raw = LineStamp.removed(from: raw, kinds: LineStamp.aroundShownLines)
        raw = ContainerPrefix.removed(from: raw)
        return raw.map { String(decoding: $0, as: UTF8.self) }
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
}
