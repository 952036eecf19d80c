import Glibc

/// The terminal on standard input and output, in the state that a full-screen view needs.
///
/// Entering takes the alternate screen and switches echo, lines and flow control off; leaving gives everything back
/// (termios(3), ECMA-48, xterm's private modes 7, 25, 1049 and 2004). Both may be called again and again.
struct TerminalDevice: Sendable {
    private let saved: termios

    /// Nil if one of the two is no terminal.
    init?() {
        var settings = termios()
        guard isatty(0) == 1, isatty(1) == 1, tcgetattr(0, &settings) == 0 else { return nil }
        saved = settings
        TerminalRescue.remember(settings)
    }

    /// Takes the screen. Signals from the keyboard stay on: the view handles them.
    func enter() {
        var settings = saved
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO | ECHONL | IEXTEN)
        settings.c_lflag |= tcflag_t(ISIG)
        settings.c_iflag &= ~tcflag_t(IXON | INLCR)
        withUnsafeMutableBytes(of: &settings.c_cc) { characters in
            characters[Int(VMIN)] = 1
            characters[Int(VTIME)] = 0
            // No core file from a slip of the finger: SIGQUIT cannot be typed.
            characters[Int(VQUIT)] = 0
        }
        tcsetattr(0, TCSADRAIN, &settings)
        TerminalRescue.arm()
        write("\u{1B}[?1049h\u{1B}[?2004h\u{1B}[?25l\u{1B}[?7l\u{1B}[2J")
    }

    /// Gives the screen back as it was.
    func leave() {
        write(TerminalRescue.farewell)
        var settings = saved
        tcsetattr(0, TCSADRAIN, &settings)
        TerminalRescue.disarm()
    }

    /// How large the screen is.
    var size: ScreenSize { ScreenSize(of: 1) }

    /// Writes everything, however slow the terminal is; false if it is gone.
    @discardableResult
    func write(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(1, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var ready = pollfd(fd: 1, events: Int16(POLLOUT), revents: 0)
                poll(&ready, 1, -1)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    /// What was typed, without waiting; nil if the terminal is gone.
    func read() -> [UInt8]? {
        var ready = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
        guard poll(&ready, 1, 0) > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = bytes.withUnsafeMutableBytes { Glibc.read(0, $0.baseAddress, $0.count) }
        if count > 0 { return Array(bytes[..<count]) }
        return count < 0 && (errno == EINTR || errno == EAGAIN) ? [] : nil
    }
}
