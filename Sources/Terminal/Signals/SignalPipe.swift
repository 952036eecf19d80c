import Glibc
import OS
import Synchronization

/// Turns signals into bytes on a pipe, which can be waited for together with other descriptors.
///
/// The handler only writes the signal's number, which is all that a signal handler may do (signal-safety(7)). There is
/// one pipe in a process; a later one takes the place of an earlier one.
struct SignalPipe: Sendable {
    private static let writeEnd = Atomic<Int32>(-1)
    private static let unreadStops = Atomic<Int>(0)
    private static let endsOnSecondStop = Atomic(false)

    /// Readable when a signal has come.
    let descriptor: Int32

    /// Makes the pipe; nil if there is none to be had.
    ///
    /// - Parameter endsOnSecondStop: Whether a second SIGTERM or SIGHUP ends the process while nobody has read the
    ///   first: whoever should read hangs.
    init?(endsOnSecondStop: Bool) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        descriptor = ends[0]
        Self.writeEnd.store(ends[1], ordering: .sequentiallyConsistent)
        Self.endsOnSecondStop.store(endsOnSecondStop, ordering: .sequentiallyConsistent)
    }

    /// Catches the signals from now on, and ignores SIGPIPE.
    func take(_ numbers: [Int32]) {
        signal(SIGPIPE, SIG_IGN)
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { number in
            let code = errno
            var byte = UInt8(truncatingIfNeeded: number)
            _ = write(SignalPipe.writeEnd.load(ordering: .sequentiallyConsistent), &byte, 1)
            if number == SIGTERM || number == SIGHUP,
                SignalPipe.unreadStops.add(1, ordering: .sequentiallyConsistent).oldValue > 0,
                SignalPipe.endsOnSecondStop.load(ordering: .sequentiallyConsistent)
            {
                TerminalRescue.restore()
                _exit(128 + number)
            }
            errno = code
        }
        action.sa_flags = Int32(SA_RESTART)
        for number in numbers { sigaction(number, &action, nil) }
    }

    /// Stops the process by a signal's default, and returns when it goes on.
    ///
    /// - Parameter retakes: Whether the signal is caught again then.
    func stop(by number: Int32, retakes: Bool = true) {
        signal(number, SIG_DFL)
        // Threads of the Swift runtime block signals, and a blocked one would stop the process at some later time.
        var (signals, mask) = (sigset_t(), sigset_t())
        sigemptyset(&signals)
        sigaddset(&signals, number)
        pthread_sigmask(SIG_UNBLOCK, &signals, &mask)
        raise(number)
        pthread_sigmask(SIG_SETMASK, &mask, nil)
        if retakes { take([number]) }
    }

    /// Waits until a signal comes.
    func wait() {
        var source = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&source, 1, -1)
    }

    /// The signals that have come, without waiting.
    func received() -> [Int32] {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(descriptor, &bytes, bytes.count)
        if count > 0 { Self.unreadStops.store(0, ordering: .sequentiallyConsistent) }
        return bytes.prefix(max(0, count)).map { Int32($0) }
    }
}
