import Glibc
import Synchronization

/// Standard output that may be closed by whoever reads it: then it is silent, and says so once on standard error.
final class StandardOutput: Sendable {
    private let isOpen = Mutex(true)

    /// Writes all bytes, waiting where the reader is slow.
    func write(_ bytes: [UInt8]) {
        isOpen.withLock { isOpen in
            var rest = bytes[...]
            while isOpen, !rest.isEmpty {
                let count = rest.withUnsafeBytes { Glibc.write(1, $0.baseAddress, $0.count) }
                if count >= 0 {
                    rest = rest.dropFirst(count)
                } else if errno == EAGAIN {
                    var ready = pollfd(fd: 1, events: Int16(POLLOUT), revents: 0)
                    poll(&ready, 1, -1)
                } else if errno != EINTR {
                    isOpen = false
                    StandardError.write(
                        "graft: standard output is closed; going on, the events are in the session's journal")
                }
            }
        }
    }

    /// Writes text.
    func write(_ text: String) { write(Array(text.utf8)) }
}

/// Messages for a person, a line each.
enum StandardError {
    /// Writes one line, or a piece of one; if nobody listens, nobody is told.
    static func write(_ line: String, terminator: String = "\n") {
        let bytes = Array((line + terminator).utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
    }
}
