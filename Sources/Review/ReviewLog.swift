import Glibc
import JSON
import OS
import Repository
import Responses
import Session

/// What was done in the review of a session: an append-only file of JSON lines in its folder.
///
/// An operation is written before it is carried out, and `done` or `failed` after it, so that one a crash has cut
/// short is recognised by the next command.
struct ReviewLog {
    let path: String
    private let lockPath: String

    init(_ folder: SessionFolder) {
        path = folder.reviewLog
        lockPath = folder.reviewLock
    }

    /// Reads everything; a line that a crash has torn is left out.
    func read() -> ReviewState {
        var state = ReviewState()
        guard let file = JournalFile(path: path) else { return state }
        file.forEachLine { line in
            if let json = try? JSON(line) { state.add(json) }  // A torn line, closed by a later one, is skipped.
            return true
        }
        return state
    }

    /// Appends one line and waits until it is on the disk.
    func append(_ type: String, _ body: (inout JSONWriter) -> Void) throws {
        var writer = JSONWriter()
        writer.object {
            $0.member("type", type)
            body(&$0)
        }
        let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        var line = writer.bytes + [0x0A]
        var last: UInt8 = 0x0A
        let size = lseek(descriptor, 0, SEEK_END)
        if size > 0, pread(descriptor, &last, 1, size - 1) == 1, last != 0x0A { line.insert(0x0A, at: 0) }
        do throws(SystemError) {
            try FileContent.write(line, to: descriptor)
            guard fdatasync(descriptor) == 0 else { throw SystemError("sync") }
        } catch {
            ftruncate(descriptor, max(size, 0))
            throw failure(error.number)
        }
    }

    /// Runs the body while no other review of the session changes anything.
    func locked<T>(_ body: () throws -> T) throws -> T {
        let lock: FileLock?
        do throws(SystemError) {
            lock = try FileLock(.exclusive, on: Descriptor(opening: lockPath, O_RDWR | O_CREAT))
        } catch {
            throw failure(error.number)
        }
        defer { withExtendedLifetime(lock) {} }
        guard lock != nil else {
            throw ReviewError(
                .refused, "another graft review is changing this session", nextStep: "try again when it is done")
        }
        defer { withExtendedLifetime(lock) {} }
        return try body()
    }

    private func failure(_ number: Int32 = errno) -> ReviewError {
        ReviewError(.internal, "cannot write \(path): \(SystemError.text(number))")
    }
}
