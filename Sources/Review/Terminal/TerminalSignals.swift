import Glibc
import Synchronization

/// Turns signals into bytes on a pipe, which is waited for together with the keyboard.
struct TerminalSignals: Sendable {
    private static let writeEnd = Atomic<Int32>(-1)
    private static let stopCount = Atomic<Int>(0)
    private static let numbers = [SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT, SIGCHLD]

    /// Readable when a signal has come.
    let descriptor: Int32

    /// Handles the signals from now on; nil if there is no pipe to be had.
    init?() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        descriptor = ends[0]
        Self.writeEnd.store(ends[1], ordering: .sequentiallyConsistent)
        signal(SIGPIPE, SIG_IGN)
        for number in Self.numbers { Self.handle(number) }
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
        if count > 0 { Self.stopCount.store(0, ordering: .sequentiallyConsistent) }
        return bytes.prefix(max(0, count)).map { Int32($0) }
    }

    /// Stops the process as ctrl-Z does, and returns when it goes on.
    func suspend() { stop(SIGTSTP) }

    /// Stops a process that has been started or sent on in the background until it has the terminal.
    ///
    /// Without a shell that could send it on, stopping has no effect, and it goes on as it is.
    func waitForForeground() {
        for _ in 0..<100 where tcgetpgrp(0) != getpgrp() { stop(SIGTTOU) }
    }

    private func stop(_ number: Int32) {
        signal(number, SIG_DFL)
        // Threads of the Swift runtime block signals, and a blocked one would stop the process at some later time.
        var (signals, mask) = (sigset_t(), sigset_t())
        sigemptyset(&signals)
        sigaddset(&signals, number)
        pthread_sigmask(SIG_UNBLOCK, &signals, &mask)
        raise(number)
        pthread_sigmask(SIG_SETMASK, &mask, nil)
        if Self.numbers.contains(number) { Self.handle(number) }
    }

    /// Lets another program have the terminal: ctrl-Z then stops both.
    func lend(_ body: () -> Void) {
        signal(SIGTSTP, SIG_DFL)
        body()
        Self.handle(SIGTSTP)
    }

    private static func handle(_ number: Int32) {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { number in
            let code = errno
            var byte = UInt8(truncatingIfNeeded: number)
            _ = write(TerminalSignals.writeEnd.load(ordering: .sequentiallyConsistent), &byte, 1)
            if number == SIGTERM || number == SIGHUP,
                TerminalSignals.stopCount.add(1, ordering: .sequentiallyConsistent).oldValue > 0
            {
                // The loop has not come back since the first one: something hangs.
                TerminalRescue.restore()
                _exit(128 + number)
            }
            errno = code
        }
        action.sa_flags = Int32(SA_RESTART)
        sigaction(number, &action, nil)
    }
}
