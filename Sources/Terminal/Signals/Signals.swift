import Glibc
import OS

/// Turns SIGINT, SIGTERM and SIGHUP into calls on a thread of their own.
public enum Signals {
    /// What to do around a stop by ctrl-Z.
    public struct Pause: Sendable {
        let before: @Sendable () -> Void
        let after: @Sendable () -> Void

        /// Takes what gives the terminal back, and what takes it again once the program goes on.
        public init(before: @escaping @Sendable () -> Void, after: @escaping @Sendable () -> Void) {
            self.before = before
            self.after = after
        }
    }

    /// Catches the signals from now on and hands each one to `handle`, with how many came before it.
    ///
    /// Where no pipe or thread is to be had, they do what they do by default.
    ///
    /// - Parameter pause: Catches SIGTSTP, too; the program still stops.
    public static func handle(
        pause: Pause? = nil, _ handle: @escaping @Sendable (_ signal: Int32, _ earlier: Int) -> Void
    ) {
        guard let pipe = SignalPipe(endsOnSecondStop: false) else { return }
        do throws(SystemError) {
            try ServiceThread {
                var earlier = 0
                while true {
                    pipe.wait()
                    for signal in pipe.received() {
                        if signal == SIGTSTP {
                            pause?.before()
                            pipe.stop(by: SIGTSTP)
                            pause?.after()
                            continue
                        }
                        handle(signal, earlier)
                        earlier += 1
                    }
                }
            }
        } catch { return }
        pipe.take([SIGINT, SIGTERM, SIGHUP] + (pause == nil ? [] : [SIGTSTP]))
    }
}
