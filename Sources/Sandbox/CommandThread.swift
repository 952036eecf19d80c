import CSpawn
import Glibc

/// Runs blocking work on a thread of its own: one hop in, one hop out.
///
/// The thread lives as long as the work. That matters where a child is to die with us: the kernel ties its death signal
/// to the thread that made it, not to the process.
enum CommandThread {
    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// - Parameter then: Further work for the thread that nobody waits for.
    static func run<Result: Sendable>(
        then further: @escaping @Sendable () -> Void = {}, _ body: @escaping @Sendable () -> Result
    ) async -> Result {
        await withCheckedContinuation { continuation in
            start {
                continuation.resume(returning: body())
                further()
            }
        }
    }

    /// Starts work that nobody waits for.
    static func start(_ body: @escaping @Sendable () -> Void) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, 1 << 20)
        defer { pthread_attr_destroy(&attributes) }
        let work = Unmanaged.passRetained(Work(body))
        var thread = pthread_t()
        let error = pthread_create(
            &thread, &attributes,
            { argument in
                // Signals to the process are for its own threads.
                var all = sigset_t()
                sigfillset(&all)
                pthread_sigmask(SIG_SETMASK, &all, nil)
                if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
                return nil
            }, work.toOpaque())
        // No thread to be had: slow is better than never.
        if error != 0 { work.takeRetainedValue().body() }
    }
}
