import Glibc
import Synchronization

/// Turns SIGINT, SIGTERM and SIGHUP into calls on a thread of their own.
enum Signals {
    /// Blocks the signals everywhere and hands each one to `handle`, with how many came before it.
    ///
    /// Call it before any other thread is started, so that all of them inherit the blocked signals.
    static func handle(_ handle: @escaping @Sendable (_ signal: Int32, _ earlier: Int) -> Void) {
        signal(SIGPIPE, SIG_IGN)
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&set, number) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
        var thread = pthread_t()
        let box = Unmanaged.passRetained(Handler(handle))
        let status = pthread_create(&thread, nil, { Self.wait($0) }, box.toOpaque())
        if status == 0 { pthread_detach(thread) } else { box.release() }
    }

    private final class Handler {
        let handle: @Sendable (Int32, Int) -> Void

        init(_ handle: @escaping @Sendable (Int32, Int) -> Void) {
            self.handle = handle
        }
    }

    private static func wait(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let context else { return nil }
        let handler = Unmanaged<Handler>.fromOpaque(context).takeRetainedValue()
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&set, number) }
        var earlier = 0
        while true {
            var number: Int32 = 0
            guard sigwait(&set, &number) == 0 else { continue }
            handler.handle(number, earlier)
            earlier += 1
        }
    }
}
