import Glibc
import OS
import Synchronization

/// Turns SIGINT, SIGTERM and SIGHUP into calls on a thread of their own.
///
/// The handler only writes the signal's number into a pipe, which is all that a signal handler may do; the thread
/// reads it there. Which threads exist already does not matter.
enum Signals {
    private static let writeEnd = Atomic<Int32>(-1)

    /// Catches the signals from now on and hands each one to `handle`, with how many came before it.
    static func handle(_ handle: @escaping @Sendable (_ signal: Int32, _ earlier: Int) -> Void) {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        writeEnd.store(ends[1], ordering: .sequentiallyConsistent)
        let reader = Reader(descriptor: ends[0], handle: handle)
        guard (try? ServiceThread { reader.run() }) != nil else { return }
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { number in
            let code = errno
            var byte = UInt8(truncatingIfNeeded: number)
            _ = write(Signals.writeEnd.load(ordering: .sequentiallyConsistent), &byte, 1)
            errno = code
        }
        action.sa_flags = Int32(SA_RESTART)
        for number in [SIGINT, SIGTERM, SIGHUP] { sigaction(number, &action, nil) }
    }

    private final class Reader: Sendable {
        private let descriptor: Int32
        private let handle: @Sendable (Int32, Int) -> Void

        init(descriptor: Int32, handle: @escaping @Sendable (Int32, Int) -> Void) {
            self.descriptor = descriptor
            self.handle = handle
        }

        func run() {
            var earlier = 0
            var byte: UInt8 = 0
            while true {
                let count = read(descriptor, &byte, 1)
                if count == 1 {
                    handle(Int32(byte), earlier)
                    earlier += 1
                } else if count == 0 || errno != EINTR {
                    return
                }
            }
        }
    }
}
