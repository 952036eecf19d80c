/// A time and the like in front of the lines of a log, which CI systems and their tools put there.
struct LineStamp {
    /// The rest of a line behind the stamp; nil for a line without it.
    let rest: @Sendable (ArraySlice<UInt8>) -> ArraySlice<UInt8>?
    /// Whether a line only goes on with the one before, as GitLab marks it.
    var joins: @Sendable (ArraySlice<UInt8>) -> Bool = { _ in false }

    /// Those in front of lines as a command wrote them, with all states of a progress bar.
    static let aroundRawLines = [gitHubCommand, gitLab, time]
    /// Those that are told after styling has been removed, as they may be coloured, or stand behind such a sequence.
    static let aroundShownLines = [bracketedTime, teamCity, bracketedClock, clock, elapsed]

    /// Removes the first kind of stamp that the lines have.
    ///
    /// A few lines may lack it: what a person added, and messages of the log's keeper.
    static func removed(from lines: [[UInt8]], kinds: [LineStamp]) -> [[UInt8]] {
        let sample = lines.lazy.filter { !$0.isEmpty }.prefix(sampleSize)
        let count = sample.reduce(0) { sum, _ in sum + 1 }
        guard count > 1 else { return lines }
        for kind in kinds {
            let stamped = sample.reduce(0) { $0 + (kind.rest($1[...]) == nil ? 0 : 1) }
            // One of ten may lack it.
            guard stamped * 10 >= count * 9 else { continue }
            var kept: [[UInt8]] = []
            kept.reserveCapacity(lines.count)
            for line in lines {
                guard let rest = kind.rest(line[...]) else {
                    kept.append(line)
                    continue
                }
                if !kept.isEmpty, kind.joins(line[...]) {
                    kept[kept.count - 1] += rest
                } else {
                    kept.append(Array(rest))
                }
            }
            return kept
        }
        return lines
    }

    /// How many lines tell which stamps a log has.
    private static let sampleSize = 2000

    /// `2024-05-01T12:34:56.1234567Z text`, of GitHub and Azure.
    private static let time = LineStamp { line in
        var scanner = ByteScanner(line)
        return scanner.skipTime() && scanner.skipSpace() ? scanner.rest : nil
    }

    /// `job<TAB>step<TAB>2024-05-01T12:34:56.1234567Z text`, as `gh run view --log` prints.
    private static let gitHubCommand = LineStamp { line in
        let columns = line.split(separator: UInt8(ascii: "\t"), maxSplits: 2, omittingEmptySubsequences: false)
        guard columns.count == 3 else { return nil }
        var scanner = ByteScanner(columns[2])
        scanner.skip([0xEF, 0xBB, 0xBF])
        return scanner.skipTime() && scanner.skipSpace() ? scanner.rest : nil
    }

    /// `2024-05-01T12:34:56.123456Z 01O text`, where a plus in place of the last blank goes on with the line before.
    private static let gitLab = LineStamp { line in
        var scanner = ByteScanner(line)
        guard let mark = scanner.gitLabMark() else { return nil }
        return mark == UInt8(ascii: " ") || mark == UInt8(ascii: "+") ? scanner.rest : nil
    } joins: { line in
        var scanner = ByteScanner(line)
        return scanner.gitLabMark() == UInt8(ascii: "+")
    }

    /// `[2024-05-01T12:34:56.123Z] text`, of Jenkins and Buildkite.
    private static let bracketedTime = LineStamp { line in
        var scanner = ByteScanner(line)
        guard scanner.skip("["), scanner.skipTime(), scanner.skip("]") else { return nil }
        return scanner.skipSpace() ? scanner.rest : nil
    }

    /// `[12:34:56]W:<TAB> [Step 1/3] text`, of TeamCity.
    private static let teamCity = LineStamp { line in
        var scanner = ByteScanner(line)
        guard scanner.skip("["), scanner.skipClock(), scanner.skip("]"), scanner.skipOne(), scanner.skip(":"),
            scanner.skip("\t")
        else { return nil }
        _ = scanner.skip(" ")
        if scanner.rest.starts(with: "[Step ".utf8), let end = scanner.rest.firstIndex(of: UInt8(ascii: "]")) {
            scanner.rest = scanner.rest[(end + 1)...]
            _ = scanner.skip(" ")
        }
        return scanner.rest
    }

    /// `[12:34:56] text`
    private static let bracketedClock = LineStamp { line in
        var scanner = ByteScanner(line)
        guard scanner.skip("["), scanner.skipClock(), scanner.skip("]") else { return nil }
        return scanner.skipSpace() ? scanner.rest : nil
    }

    /// `12:34:56  text`, which Jenkins writes with two blanks.
    private static let clock = LineStamp { line in
        var scanner = ByteScanner(line)
        guard scanner.skipClock(), scanner.skipSpace() else { return nil }
        _ = scanner.skip(" ")
        return scanner.rest
    }

    /// `[  12.345] text` and `[12.345s] text`, the seconds since the beginning.
    private static let elapsed = LineStamp { line in
        var scanner = ByteScanner(line)
        guard scanner.skip("[") else { return nil }
        scanner.skipSpaces()
        guard scanner.skipDigits(1...), scanner.skip("."), scanner.skipDigits(1...) else { return nil }
        _ = scanner.skip("s")
        return scanner.skip("]") && scanner.skipSpace() ? scanner.rest : nil
    }
}
