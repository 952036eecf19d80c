import Glibc

extension SessionSummary {
    /// How a session stands.
    public enum State: String, Sendable {
        /// A process is at work on it.
        case running
        /// It has a result.
        case finished
        /// It was killed before it had one.
        case crashed
    }

    /// How it stands.
    public var state: State { isRunning ? .running : result == nil ? .crashed : .finished }

    /// Whether it can go on as it is: it has begun, nobody is at work on it, and something may be left to do.
    public var canGoOn: Bool { start != nil && !isRunning && result?.verdict.leavesWork ?? true }

    /// When something was last done in the session, by its run or its review, in seconds since 1970.
    public var lastActivity: Int {
        let times = [folder.journal, folder.reviewLog].compactMap { path -> Int? in
            var state = stat()
            return lstat(path, &state) == 0 ? state.st_mtim.tv_sec : nil
        }
        return times.max() ?? id.time
    }

    /// The first line of what was asked for: the task, or the command where there is no other.
    public var title: String {
        let text = start?.task ?? start?.command ?? ""
        return text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }
}

extension SessionID {
    /// The time that the name tells, in seconds since 1970.
    public var time: Int {
        let digits = rawValue.utf8.filter { 0x30...0x39 ~= $0 }.prefix(12).map { Int32($0) - 0x30 }
        guard digits.count == 12 else { return 0 }
        func number(_ range: Range<Int>) -> Int32 { digits[range].reduce(0) { $0 * 10 + $1 } }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (number(0..<4) - 1900, number(4..<6) - 1, number(6..<8))
        (parts.tm_hour, parts.tm_min) = (number(8..<10), number(10..<12))
        return timegm(&parts)
    }
}
