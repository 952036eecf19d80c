import CSpawn
import Glibc

/// A close-on-exec pipe; its own end does not block.
public struct Pipe {
    /// The end to read from.
    public let reading: Descriptor
    /// The end to write to.
    public let writing: Descriptor

    /// Which end this process keeps.
    public enum OwnEnd: Sendable { case reading, writing }

    /// Makes a pipe to read from.
    ///
    /// - Throws: The error of the system.
    public init() throws(SystemError) { try self.init(own: .reading) }

    /// Makes a pipe.
    ///
    /// - Throws: The error of the system.
    public init(own: OwnEnd) throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        guard own == .reading ? graft_pipe(&ends) == 0 : graft_input_pipe(&ends) == 0 else {
            throw SystemError("make a pipe")
        }
        reading = Descriptor(ends[0])
        writing = Descriptor(ends[1])
    }
}
