import CSpawn
import Glibc

/// A terminal for a program to run on (pty(7)).
public struct PseudoTerminal {
    /// The side of this process; it does not block.
    public let near: Descriptor
    /// The side of the program; not a controlling terminal yet.
    public let far: Descriptor

    /// Makes a terminal of a size.
    ///
    /// - Throws: The error of the system.
    public init(columns: UInt16, rows: UInt16) throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        guard graft_terminal(&ends, columns, rows) == 0 else { throw SystemError("make a terminal") }
        near = Descriptor(ends[0])
        far = Descriptor(ends[1])
    }
}
