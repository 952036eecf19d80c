import CSpawn
import Glibc

/// A pidfd, which never refers to another process (pidfd_open(2)).
public struct ProcessDescriptor: Sendable {
    private let pidfd: Descriptor

    /// Takes ownership of a pidfd.
    public init(_ pidfd: Descriptor) { self.pidfd = pidfd }

    /// Becomes readable when the process ends.
    public var raw: Int32 { pidfd.raw }

    /// Sends a signal; does nothing if the process has ended.
    public func send(_ signal: Int32) {
        // Fails only if the process has ended, which is fine.
        _ = graft_pidfd_kill(pidfd.raw, signal)
    }

    /// Waits for the end of the process; false if the time is over first. A negative time is no limit.
    public func waitForEnd(milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: pidfd.raw, events: Int16(POLLIN), revents: 0)
        var count = poll(&entry, 1, milliseconds)
        while count < 0, errno == EINTR { count = poll(&entry, 1, milliseconds) }
        return count > 0
    }
}
