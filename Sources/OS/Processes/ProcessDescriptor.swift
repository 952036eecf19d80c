import CSpawn
import Glibc

/// A process by its pidfd, which never comes to name another one (pidfd_open(2)).
public struct ProcessDescriptor: Sendable {
    private let pidfd: Descriptor

    /// Takes over a pidfd.
    public init(_ pidfd: Descriptor) { self.pidfd = pidfd }

    /// Becomes readable when the process has ended.
    public var raw: Int32 { pidfd.raw }

    /// Sends a signal; does nothing if the process is gone.
    public func send(_ signal: Int32) {
        // Fails only for a process that is gone, which is what was wanted.
        _ = graft_pidfd_kill(pidfd.raw, signal)
    }

    /// Waits until the process has ended; false if it has not in time. A negative time is no limit.
    public func waitForEnd(milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: pidfd.raw, events: Int16(POLLIN), revents: 0)
        var count = poll(&entry, 1, milliseconds)
        while count < 0, errno == EINTR { count = poll(&entry, 1, milliseconds) }
        return count > 0
    }
}
