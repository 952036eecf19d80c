import Glibc

/// A lock on a range of an open file, held as long as the value lives (fcntl(2), open file description locks).
///
/// The system releases it when the process ends. Two descriptors of one process exclude each other, too.
public final class RangeLock: Sendable {
    private let descriptor: Descriptor
    private let range: Range<Int>

    /// Takes the lock; nil if another holder has it, or the file system has no such locks.
    public init?(_ range: Range<Int>, of descriptor: Descriptor) {
        self.descriptor = descriptor
        self.range = range
        guard Self.set(F_WRLCK, range, descriptor) else { return nil }
    }

    deinit { _ = Self.set(F_UNLCK, range, descriptor) }

    private static func set(_ type: Int32, _ range: Range<Int>, _ descriptor: Descriptor) -> Bool {
        // The header does not hand `F_OFD_SETLK` on to Swift.
        let setOpenFileLock: Int32 = 37
        var lock = Glibc.flock(
            l_type: Int16(type), l_whence: Int16(SEEK_SET), l_start: off_t(range.lowerBound),
            l_len: off_t(range.count), l_pid: 0)
        while fcntl(descriptor.raw, setOpenFileLock, &lock) != 0 {
            guard errno == EINTR else { return false }
        }
        return true
    }
}
