import Glibc
import OS

/// The terminal on standard input and output, in the state that a full-screen view needs.
///
/// Entering takes the alternate screen and switches echo, lines and flow control off; leaving gives everything back
/// (termios(3), ECMA-48, xterm's private modes 7, 25, 1049 and 2004). Both may be called again and again.
public struct TerminalDevice: Sendable {
    private let saved: termios

    /// Remembers how the terminal is set; nil if standard input or output is none.
    public init?() {
        var settings = termios()
        guard isatty(0) == 1, isatty(1) == 1, tcgetattr(0, &settings) == 0 else { return nil }
        saved = settings
        TerminalRescue.remember(settings)
    }

    /// Takes the screen. Signals from the keyboard stay on: the view handles them.
    public func enter() {
        var settings = saved
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO | ECHONL | IEXTEN)
        settings.c_lflag |= tcflag_t(ISIG)
        settings.c_iflag &= ~tcflag_t(IXON | INLCR)
        withUnsafeMutableBytes(of: &settings.c_cc) { characters in
            characters[Int(VMIN)] = 1
            characters[Int(VTIME)] = 0
            // SIGQUIT cannot be typed, so that no slip of the finger writes a core file.
            characters[Int(VQUIT)] = 0
        }
        tcsetattr(0, TCSADRAIN, &settings)
        TerminalRescue.arm()
        write("\u{1B}[?1049h\u{1B}[?2004h\u{1B}[?25l\u{1B}[?7l\u{1B}[2J")
    }

    /// Gives the screen back as it was.
    public func leave() {
        write(TerminalRescue.farewell)
        var settings = saved
        tcsetattr(0, TCSADRAIN, &settings)
        TerminalRescue.disarm()
    }

    /// How large the screen is.
    public var size: ScreenSize { ScreenSize(of: 1) }

    /// Writes everything, however slow the terminal is; false if it is gone.
    @discardableResult
    public func write(_ text: String) -> Bool {
        do throws(SystemError) {
            try FileContent.writeWaiting(text.utf8, to: STDOUT_FILENO)
            return true
        } catch {
            return false
        }
    }

    /// What was typed, without waiting; nil if the terminal is gone.
    public func read() -> [UInt8]? {
        var ready = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
        guard poll(&ready, 1, 0) > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = bytes.withUnsafeMutableBytes { Glibc.read(0, $0.baseAddress, $0.count) }
        if count > 0 { return Array(bytes[..<count]) }
        return count < 0 && (errno == EINTR || errno == EAGAIN) ? [] : nil
    }
}
