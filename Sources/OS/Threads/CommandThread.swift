/// Runs blocking work on a thread of its own: one hop in, one hop out.
///
/// The thread lives as long as the work. That matters where a child is to die with us: the kernel ties its death signal
/// to the thread that made it, not to the process.
public enum CommandThread {
    private static let stackBytes = 1 << 20

    /// Runs work and returns its result.
    ///
    /// - Parameter further: Further work for the thread that nobody waits for.
    public static func run<Result: Sendable>(
        then further: @escaping @Sendable () -> Void = {}, _ body: @escaping @Sendable () -> Result
    ) async -> Result {
        await withCheckedContinuation { continuation in
            start {
                continuation.resume(returning: body())
                further()
            }
        }
    }

    /// Starts work that nobody waits for; runs it at once where no thread is to be had.
    public static func start(_ body: @escaping @Sendable () -> Void) {
        do throws(SystemError) { try ServiceThread(stackBytes: stackBytes, body) } catch { body() }
    }
}
