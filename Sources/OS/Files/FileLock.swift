import Glibc

/// A lock on an open file, held as long as the value lives (flock(2)).
///
/// The system releases the lock when the process ends. The lock belongs to the open file and not to the process: two
/// descriptors of one process exclude each other, too.
public final class FileLock: Sendable {
    /// Who may have the lock at the same time.
    public enum Kind: Sendable {
        /// Any number of shared holders.
        case shared
        /// One holder.
        case exclusive

        fileprivate var operation: Int32 {
            switch self {
            case .shared: LOCK_SH
            case .exclusive: LOCK_EX
            }
        }
    }

    /// The locked file.
    public let descriptor: Descriptor

    /// Waits for the lock.
    ///
    /// - Throws: The error of the system; some file systems have no locks.
    public init(waitingFor kind: Kind, on descriptor: Descriptor) throws(SystemError) {
        while flock(descriptor.raw, kind.operation) != 0 {
            guard errno == EINTR else { throw SystemError("lock a file") }
        }
        self.descriptor = descriptor
    }

    /// Takes the lock; nil if another holder has it.
    ///
    /// - Throws: The error of the system; some file systems have no locks.
    public init?(_ kind: Kind, on descriptor: Descriptor) throws(SystemError) {
        while flock(descriptor.raw, kind.operation | LOCK_NB) != 0 {
            if errno == EWOULDBLOCK { return nil }
            guard errno == EINTR else { throw SystemError("lock a file") }
        }
        self.descriptor = descriptor
    }

    deinit { flock(descriptor.raw, LOCK_UN) }
}
