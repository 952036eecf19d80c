import CSpawn
import Glibc

/// Two connected Unix sockets, close-on-exec.
public struct SocketPair {
    /// The end of this process.
    public let near: Descriptor
    /// The end of the other process.
    public let far: Descriptor

    /// Makes a pair.
    ///
    /// - Throws: The error of the system.
    public init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        guard graft_socket_pair(&ends) == 0 else { throw SystemError("make sockets") }
        near = Descriptor(ends[0])
        far = Descriptor(ends[1])
    }
}

extension Descriptor {
    /// Sends up to 16 descriptors over this Unix socket (SCM_RIGHTS in unix(7)).
    ///
    /// - Throws: The error of the system; the other end may be closed.
    public func send(_ descriptors: [Descriptor]) throws(SystemError) {
        let numbers = descriptors.map(\.raw)
        let result = graft_send_descriptors(raw, numbers, numbers.count)
        let error = errno
        // The numbers alone keep nothing open.
        withExtendedLifetime(descriptors) {}
        guard result == 0 else { throw SystemError("send a descriptor", error) }
    }

    /// Waits for a descriptor over this Unix socket; it is close-on-exec.
    ///
    /// - Throws: The error of the system; number 0 when the other end was closed.
    public func receive() throws(SystemError) -> Descriptor {
        let received = graft_receive_descriptor(raw)
        guard received >= 0 else { throw SystemError("receive a descriptor") }
        return Descriptor(received)
    }

    /// Accepts the next connection to this listening socket; nil if that fails (accept4(2)).
    public func accept() -> Descriptor? {
        let accepted = graft_accept(raw)
        return accepted < 0 ? nil : Descriptor(accepted)
    }
}
