import Glibc
import OS

/// Turns SIGINT, SIGTERM and SIGHUP into calls on a thread of their own.
public enum Signals {
    /// Catches the signals from now on and hands each one to `handle`, with how many came before it.
    ///
    /// Where no pipe or thread is to be had, they do what they do by default.
    public static func handle(_ handle: @escaping @Sendable (_ signal: Int32, _ earlier: Int) -> Void) {
        guard let pipe = SignalPipe(endsOnSecondStop: false) else { return }
        do throws(SystemError) {
            try ServiceThread {
                var earlier = 0
                while true {
                    pipe.wait()
                    for signal in pipe.received() {
                        handle(signal, earlier)
                        earlier += 1
                    }
                }
            }
        } catch { return }
        pipe.take([SIGINT, SIGTERM, SIGHUP])
    }
}
