import Glibc
import Synchronization

/// What is typed while a program that reads no keys draws on the terminal: it is not shown, so that it stands in no
/// drawn line. It stays for whoever reads the terminal next.
///
/// The terminal is as it was after `show`, after a signal that ends the program by default, and while the program is
/// stopped or in the background, where the settings belong to others.
public enum TypedInput {
    private static let saved = Mutex<termios?>(nil)

    /// Stops showing what is typed; does nothing where standard input is no terminal that this program has.
    public static func hide() {
        saved.withLock { saved in
            var settings = termios()
            guard saved == nil, isInForeground, tcgetattr(0, &settings) == 0, settings.c_lflag & tcflag_t(ECHO) != 0
            else { return }
            TerminalRescue.remember(settings, farewell: "")
            saved = settings
            TerminalRescue.arm()
            settings.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(0, TCSANOW, &settings)
        }
    }

    /// Shows again what is typed.
    public static func show() {
        saved.withLock { saved in
            TerminalRescue.disarm()
            guard var settings = saved else { return }
            saved = nil
            if isInForeground { tcsetattr(0, TCSANOW, &settings) }
        }
    }

    /// Whether standard input is a terminal that another program has.
    public static var isInBackground: Bool { isatty(0) == 1 && tcgetpgrp(0) != getpgrp() }

    private static var isInForeground: Bool { isatty(0) == 1 && tcgetpgrp(0) == getpgrp() }
}
