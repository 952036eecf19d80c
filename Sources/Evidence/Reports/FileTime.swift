import Glibc

/// A time as file systems note it.
struct FileTime: Comparable, Sendable {
    private let seconds: Int
    private let nanoseconds: Int

    /// The present, by the clock that files get their times from; it goes in steps of some milliseconds.
    static var now: FileTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME_COARSE, &time)
        return FileTime(seconds: time.tv_sec, nanoseconds: time.tv_nsec)
    }

    private init(seconds: Int, nanoseconds: Int) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// Reads `1700000000.1234567890` (find(1), `%C@`); digits behind the ninth are left out.
    init?(spelled text: some Sequence<UInt8>) {
        let parts = Array(text).split(separator: UInt8(ascii: "."), maxSplits: 1)
        guard let whole = parts.first, let seconds = Int(String(decoding: whole, as: UTF8.self)) else { return nil }
        var digits = parts.count > 1 ? Array(parts[1].prefix(9)) : []
        while digits.count < 9 { digits.append(UInt8(ascii: "0")) }
        guard let nanoseconds = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
        self.init(seconds: seconds, nanoseconds: nanoseconds)
    }

    static func < (one: FileTime, other: FileTime) -> Bool {
        (one.seconds, one.nanoseconds) < (other.seconds, other.nanoseconds)
    }
}
