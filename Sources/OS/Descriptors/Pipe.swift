import CSpawn
import Glibc

/// A pipe, of which our own end does not block and both are close-on-exec.
public struct Pipe {
    /// Where bytes come out.
    public let reading: Descriptor
    /// Where bytes go in.
    public let writing: Descriptor

    /// Which of the ends is ours.
    public enum OwnEnd: Sendable { case reading, writing }

    /// Makes a pipe that we read.
    ///
    /// - Throws: What the system said.
    public init() throws(SystemError) { try self.init(own: .reading) }

    /// Makes a pipe.
    ///
    /// - Throws: What the system said.
    public init(own: OwnEnd) throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        guard own == .reading ? graft_pipe(&ends) == 0 : graft_input_pipe(&ends) == 0 else {
            throw SystemError("make a pipe")
        }
        reading = Descriptor(ends[0])
        writing = Descriptor(ends[1])
    }
}
