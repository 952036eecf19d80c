import CSpawn
import Glibc

/// Wakes a thread that waits in poll(2); can be raised from anywhere, also before anyone waits (eventfd(2)).
public struct WakeSignal: Sendable {
    private let event: Descriptor

    /// Makes a signal that is not raised.
    ///
    /// - Throws: What the system said.
    public init() throws(SystemError) {
        let raw = graft_event()
        guard raw >= 0 else { throw SystemError("make an event descriptor") }
        event = Descriptor(raw)
    }

    /// Is readable while the signal is raised.
    public var raw: Int32 { event.raw }

    /// Takes the signal back.
    public func lower() {
        var count: UInt64 = 0
        // Fails when it is not raised, which is what was wanted.
        _ = read(event.raw, &count, 8)
    }

    /// Wakes whoever waits, now or later.
    public func raise() {
        var one: UInt64 = 1
        // A full counter is raised already.
        _ = write(event.raw, &one, 8)
    }
}
