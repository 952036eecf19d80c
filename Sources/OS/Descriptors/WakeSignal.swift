import CSpawn
import Glibc

/// Wakes a thread in poll(2); any thread may raise it, also before the wait (eventfd(2)).
public struct WakeSignal: Sendable {
    private let event: Descriptor

    /// Makes a signal that is not raised.
    ///
    /// - Throws: The error of the system.
    public init() throws(SystemError) {
        let raw = graft_event()
        guard raw >= 0 else { throw SystemError("make an event descriptor") }
        event = Descriptor(raw)
    }

    /// Is readable while the signal is raised.
    public var raw: Int32 { event.raw }

    /// Lowers the signal.
    public func lower() {
        var count: UInt64 = 0
        // Fails if it is not raised, which is fine.
        _ = read(event.raw, &count, 8)
    }

    /// Raises the signal: the current or the next wait returns.
    public func raise() {
        var one: UInt64 = 1
        // Fails if the counter is full, and then it is raised already.
        _ = write(event.raw, &one, 8)
    }
}
