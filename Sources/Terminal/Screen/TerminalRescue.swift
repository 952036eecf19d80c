import Glibc
import Synchronization

/// Restores the terminal when the program crashes, or gets a second signal to stop.
///
/// Everything here runs inside signal handlers too: it only writes and calls tcsetattr, which both may be called
/// there (signal-safety(7)).
enum TerminalRescue {
    /// Resets colours, wrapping, cursor and paste mode, and leaves the alternate screen.
    static let farewell = "\u{1B}[0m\u{1B}[?7h\u{1B}[?25h\u{1B}[?2004l\u{1B}[?1049l"

    private struct Kept {
        var settings: termios
        let bytes: UnsafePointer<CChar>
        let count: Int
    }

    // Written once and never freed: a handler may come at any time.
    private static let address = Atomic<UInt>(0)
    private static let isArmed = Atomic<Bool>(false)

    /// Keeps the settings to restore, and handles the signals of a crash.
    ///
    /// - Parameter farewell: What to write before they are restored.
    static func remember(_ settings: termios, farewell: String = farewell) {
        guard address.load(ordering: .sequentiallyConsistent) == 0, let bytes = strdup(farewell) else { return }
        let place = UnsafeMutablePointer<Kept>.allocate(capacity: 1)
        place.initialize(to: Kept(settings: settings, bytes: UnsafePointer(bytes), count: strlen(bytes)))
        address.store(UInt(bitPattern: place), ordering: .sequentiallyConsistent)
        isArmed.store(false, ordering: .sequentiallyConsistent)
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { number in
            TerminalRescue.restore()
            raise(number)
        }
        // The second time the signal does what it does by default.
        action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | Int32(SA_NODEFER)
        for number in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGQUIT] { sigaction(number, &action, nil) }
    }

    /// Lets `restore` act from now on.
    static func arm() { isArmed.store(true, ordering: .sequentiallyConsistent) }
    /// Keeps `restore` from acting.
    static func disarm() { isArmed.store(false, ordering: .sequentiallyConsistent) }

    /// Restores the terminal if the view has it.
    static func restore() {
        guard isArmed.exchange(false, ordering: .sequentiallyConsistent),
            let kept = UnsafeMutablePointer<Kept>(bitPattern: address.load(ordering: .sequentiallyConsistent))
        else { return }
        _ = write(1, kept.pointee.bytes, kept.pointee.count)
        tcsetattr(0, TCSANOW, &kept.pointee.settings)
    }
}
