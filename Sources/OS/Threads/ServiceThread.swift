import Glibc
import Synchronization

/// A thread for a blocking loop, with all signals blocked, so that other threads receive them.
///
/// It runs to its end even if this value is released.
public final class ServiceThread: Sendable {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private let thread: pthread_t
    private let isJoined = Atomic(false)

    /// Runs `body` on a new thread (pthread_create(3)).
    ///
    /// - Parameter stackBytes: The size of its stack; nil for the default.
    /// - Throws: The error of the system; `body` is not run then.
    @discardableResult
    public init(stackBytes: Int? = nil, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        if let stackBytes { pthread_attr_setstacksize(&attributes, stackBytes) }

        // The thread inherits the mask, so that it never receives a signal.
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }

        let context = Unmanaged.passRetained(Body(body))
        var made = pthread_t()
        let failure = pthread_create(
            &made, &attributes,
            { context in
                guard let context else { return nil }
                Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context.toOpaque())
        guard failure == 0 else {
            context.release()
            throw SystemError("start a thread", failure)
        }
        thread = made
    }

    deinit { if !isJoined.load(ordering: .acquiring) { pthread_detach(thread) } }

    /// Waits for the end of the thread; only the first caller waits.
    public func join() {
        guard !isJoined.exchange(true, ordering: .acquiringAndReleasing) else { return }
        pthread_join(thread, nil)
    }
}
