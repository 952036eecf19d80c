import Dispatch
import Glibc
import Synchronization

/// Opens a pipe that has a name for writing, which waits until somebody reads it (fifo(7)).
///
/// The thread that waits stays behind if nobody ever comes.
final class PipeOpening: Sendable {
    private let opened = Mutex<Result<Descriptor, SystemError>?>(nil)
    private let isOpen = DispatchSemaphore(value: 0)

    /// Begins to wait for a reader.
    ///
    /// - Throws: The error of the system if no thread can be had.
    init(_ path: String) throws(SystemError) {
        try ServiceThread { [self] in
            let result: Result<Descriptor, SystemError>
            do throws(SystemError) { result = .success(try Descriptor(opening: path, O_WRONLY)) } catch {
                result = .failure(error)
            }
            opened.withLock { $0 = result }
            isOpen.signal()
        }
    }

    /// The open pipe.
    ///
    /// - Throws: The error of the system; `ENXIO` if nobody has come to read it in that time.
    func descriptor(atMost patience: Duration) throws(SystemError) -> Descriptor {
        let nanoseconds = Int(min(patience, .seconds(3600)) / .nanoseconds(1))
        guard isOpen.wait(timeout: .now() + .nanoseconds(nanoseconds)) == .success else {
            throw SystemError("write to a pipe", ENXIO)
        }
        // Whoever asks again finds it open.
        isOpen.signal()
        guard let result = opened.withLock({ $0 }) else { throw SystemError("write to a pipe", ENXIO) }
        return try result.get()
    }
}
