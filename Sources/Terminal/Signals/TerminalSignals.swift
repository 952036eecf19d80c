import Glibc

/// The signals of a program that has a terminal to itself: keys that stop it, and a terminal that goes away or changes.
public struct TerminalSignals: Sendable {
    private static let numbers = [SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT, SIGCHLD]

    private let pipe: SignalPipe

    /// Catches the signals from now on; nil if there is no pipe to be had.
    public init?() {
        guard let pipe = SignalPipe(endsOnSecondStop: true) else { return nil }
        self.pipe = pipe
        pipe.take(Self.numbers)
    }

    /// Readable when a signal has come.
    public var descriptor: Int32 { pipe.descriptor }

    /// Waits until a signal comes.
    public func wait() { pipe.wait() }

    /// The signals that have come, without waiting.
    public func received() -> [Int32] { pipe.received() }

    /// Stops the process as ctrl-Z does, and returns when it goes on.
    public func suspend() { stop(SIGTSTP) }

    /// Stops a process that runs in the background until it has the terminal.
    ///
    /// Without a shell that could continue it, stopping has no effect, and it goes on.
    public func waitForForeground() {
        for _ in 0..<100 where tcgetpgrp(0) != getpgrp() { stop(SIGTTOU) }
    }

    /// Lets another program have the terminal: ctrl-Z then stops both.
    public func lend(_ body: () -> Void) {
        signal(SIGTSTP, SIG_DFL)
        body()
        pipe.take([SIGTSTP])
    }

    private func stop(_ number: Int32) { pipe.stop(by: number, retakes: Self.numbers.contains(number)) }
}
