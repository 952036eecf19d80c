import Glibc

/// A lock on an open file, held until the value goes away (flock(2)).
///
/// The system gives a lock back when the process that has it ends, however it ends. It belongs to the open file, not
/// to the process: two descriptors of one process exclude each other, too.
public final class FileLock: Sendable {
    /// Who may have the lock at the same time.
    public enum Kind: Sendable {
        /// Any number of holders of this kind.
        case shared
        /// One holder and nobody else.
        case exclusive

        fileprivate var operation: Int32 {
            switch self {
            case .shared: LOCK_SH
            case .exclusive: LOCK_EX
            }
        }
    }

    /// The file that is locked.
    public let descriptor: Descriptor

    /// Waits for the lock.
    ///
    /// - Throws: What the system said; some file systems have no locks.
    public init(waitingFor kind: Kind, on descriptor: Descriptor) throws(SystemError) {
        while flock(descriptor.raw, kind.operation) != 0 {
            guard errno == EINTR else { throw SystemError("lock a file") }
        }
        self.descriptor = descriptor
    }

    /// Takes the lock if it is free; nil if somebody else has it.
    ///
    /// - Throws: What the system said; some file systems have no locks.
    public init?(_ kind: Kind, on descriptor: Descriptor) throws(SystemError) {
        while flock(descriptor.raw, kind.operation | LOCK_NB) != 0 {
            if errno == EWOULDBLOCK { return nil }
            guard errno == EINTR else { throw SystemError("lock a file") }
        }
        self.descriptor = descriptor
    }

    deinit { flock(descriptor.raw, LOCK_UN) }
}
