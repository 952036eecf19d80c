/// Lets tasks wait until a test opens it, or until they are cancelled.
final class Gate: Sendable {
    private let (stream, continuation) = AsyncStream.makeStream(of: Void.self)

    /// Lets through whoever waits, and all who come later.
    func open() { continuation.finish() }

    /// Waits until the gate is open.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    func pass() async throws {
        for await _ in stream {}
        try Task.checkCancellation()
    }
}

/// A point at which something stops and stays until its task is cancelled.
struct Halt: Sendable {
    private let reached = Gate()

    /// Stops here, for ever or until a gate is opened.
    func stay(until gate: Gate = Gate()) async throws {
        reached.open()
        try await gate.pass()
    }

    /// Waits until something has stopped here.
    func isReached() async throws { try await reached.pass() }
}
