/// Runs blocking work on a thread of its own.
///
/// The thread lives as long as the work, because the kernel sends a child's death signal when the thread that made it
/// ends, not the process.
public enum CommandThread {
    private static let stackBytes = 1 << 20

    /// Runs work and returns its result.
    ///
    /// - Parameter further: Work for the thread after that; the caller does not wait for it.
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

    /// Starts work without waiting for it; runs it on the calling thread if no thread can be made.
    public static func start(_ body: @escaping @Sendable () -> Void) {
        do throws(SystemError) { try ServiceThread(stackBytes: stackBytes, body) } catch { body() }
    }
}
