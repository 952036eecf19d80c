import Dispatch
import Glibc
import OS
import Synchronization

/// The file of a journal, open at its end, with the lock by which others see that the session runs.
struct JournalOutput {
    /// A small file that is given up when the disk is full, so that the last event can still be written.
    private static let reserveByteCount = 64 * 1024

    let descriptor: Descriptor
    /// What shows others that the session runs; nil where the file system has no locks.
    private let lock: FileLock?
    /// Why the file could not be written, if it could not (errno).
    private(set) var failure: Int32?
    /// How many bytes the file has.
    private(set) var size: Int
    /// The same file, for reading items back; nil if that cannot be done.
    let items: JournalItems?
    private let reserve: String
    private var hasReserve: Bool

    /// Takes over a file that is open for appending, and makes the reserve beside it.
    ///
    /// - Parameter items: The same file for reading, if somebody reads it already.
    init(_ descriptor: Descriptor, lock: FileLock?, folder: String, items: JournalItems? = nil) {
        self.descriptor = descriptor
        self.lock = lock
        self.items = items ?? JournalItems(path: SessionFolder(existing: folder).journal)
        var status = stat()
        size = fstat(descriptor.raw, &status) == 0 ? Int(status.st_size) : 0
        reserve = folder + "/.reserve"
        let space = Glibc.open(reserve, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        hasReserve = space >= 0
        guard space >= 0 else { return }
        _ = posix_fallocate(space, 0, off_t(Self.reserveByteCount))
        close(space)
    }

    /// Writes whole lines, all or none; what goes wrong stands in `failure`.
    mutating func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let (count, error) = rest.withUnsafeBytes { FileContent.write($0, to: descriptor.raw) }
            guard let error else { break }
            rest = rest.dropFirst(count)
            failure = error.number
            guard hasReserve, error.number == ENOSPC || error.number == EDQUOT else {
                ftruncate(descriptor.raw, off_t(size))
                return
            }
            removeReserve()
        }
        size += bytes.count
    }

    /// Gives the reserve back.
    mutating func removeReserve() {
        if hasReserve { unlink(reserve) }
        hasReserve = false
    }
}

/// Brings what has been written to the disk, beside the run.
final class JournalSync: Sendable {
    private let thread = DispatchQueue(label: "journal-sync")
    private let isAsked = Atomic(false)

    /// Asks for all that has been written by now (fdatasync(2)); many questions that wait are one.
    func ask(_ descriptor: Descriptor) {
        guard !isAsked.exchange(true, ordering: .acquiringAndReleasing) else { return }
        thread.async { [self] in
            // From here on a further question is about what is written later.
            isAsked.store(false, ordering: .releasing)
            fdatasync(descriptor.raw)
        }
    }

    /// Waits until all that has been written is on the disk.
    func finish(_ descriptor: Descriptor) { thread.sync { _ = fdatasync(descriptor.raw) } }
}
