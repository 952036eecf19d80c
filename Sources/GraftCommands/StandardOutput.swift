import Glibc
import OS
import Publishing
import Session
import Synchronization

/// Standard output. A reader that goes away makes it silent; any other failure is told once on standard error, and turns
/// the exit code 0 into 70.
final class StandardOutput: Sendable {
    private enum State {
        case open, closed, failed
    }

    /// All values write to the same place.
    private static let state = Mutex(State.open)
    private let noteWhenClosed: String?
    /// Whether a runner reads along that obeys some of what it reads.
    private let isGuarded: Bool
    private let guardian = Mutex(WorkflowGuard())

    /// Takes over standard output.
    ///
    /// - Parameters:
    ///   - note: What a person is told when nobody reads any more; for commands that go on all the same, also where there
    ///     is no standard output from the start.
    ///   - isForPeople: Whether all that is written is text or JSON, in which what a runner would obey may be
    ///     written in another way.
    init(whenClosed note: String? = nil, isForPeople: Bool = false) {
        noteWhenClosed = note
        isGuarded = isForPeople && WorkflowRunner.isHere
    }

    /// Writes all bytes, waiting where the reader is slow.
    func write(_ bytes: [UInt8]) {
        guard isGuarded else { return writeUnguarded(bytes) }
        // In the order in which they were guarded.
        guardian.withLock { writeUnguarded($0.guarded(bytes)) }
    }

    /// Writes lines that a runner shall obey.
    func write(commands: String) {
        let isInside = guardian.withLock { !$0.isAtStart }
        writeUnguarded(Array(((isInside ? "\n" : "") + commands).utf8))
    }

    private func writeUnguarded(_ bytes: [UInt8]) {
        // Nothing waits behind a reader that is stuck.
        guard !bytes.isEmpty else { return }
        Self.state.withLock { state in
            guard state == .open else { return }
            do throws(SystemError) { try FileContent.writeWaiting(bytes, to: STDOUT_FILENO) } catch {
                let isClosed = error.number == EPIPE || (error.number == EBADF && noteWhenClosed != nil)
                state = isClosed ? .closed : .failed
                if isClosed { noteWhenClosed.map { StandardError.write($0) } } else { Self.tell(error) }
            }
        }
    }

    /// Whether whoever reads standard output sees standard error beside it: a terminal, or one file or pipe for both.
    static var isSeenWithErrors: Bool {
        var (output, errors) = (stat(), stat())
        guard isatty(1) == 0 else { return true }
        return fstat(1, &output) == 0 && fstat(2, &errors) == 0 && output.st_dev == errors.st_dev
            && output.st_ino == errors.st_ino && output.st_mode & S_IFMT != S_IFCHR
    }

    /// Writes text.
    func write(_ text: String) { write(Array(text.utf8)) }

    /// The exit code of a process that would end with this one: what was not written is no success.
    static func exitCode(_ code: Int32) -> Int32 {
        guard code == 0 else { return code }
        // Some file systems tell of a full disk only when a descriptor is closed.
        let copy = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
        // A writer that is held up by its reader has the lock, and has not failed.
        let hasFailed = state.withLockIfAvailable { state in
            if copy >= 0, Glibc.close(copy) != 0, errno != EINTR, state == .open {
                state = .failed
                tell(SystemError("write"))
            }
            return state == .failed
        }
        return hasFailed == true ? Verdict.internal.exitCode : code
    }

    private static func tell(_ error: SystemError) {
        StandardError.write("graft: cannot write to standard output: \(error.reason)")
    }
}

/// Messages for a person, a line each.
enum StandardError {
    /// How long a terminal or a pipe that takes nothing holds up a message.
    private static let patience: Duration = .seconds(5)
    private static let guardian = Mutex(WorkflowGuard())

    /// Writes one line, or a piece of one; if nobody listens, nobody is told.
    static func write(_ line: String, terminator: String = "\n") {
        let bytes = Array((line + terminator).utf8)
        guard WorkflowRunner.isHere else { return writeUnguarded(bytes) }
        guardian.withLock { writeUnguarded($0.guarded(bytes)) }
    }

    /// Writes lines that a runner shall obey.
    static func write(commands: String) { writeUnguarded(Array(commands.utf8)) }

    private static func writeUnguarded(_ bytes: [UInt8]) {
        // If nobody listens, nobody is told.
        try? FileContent.writeWaiting(bytes, to: STDERR_FILENO, atMost: patience)
    }
}

/// GitHub's runner, which reads what a step prints and obeys some of it.
enum WorkflowRunner {
    /// Whether it has started this process.
    static let isHere = getenv("GITHUB_ACTIONS").map { String(cString: $0) == "true" } ?? false
}

/// The standard streams that Graft was started without.
enum MissingStreams {
    /// Puts something in their place, so that no file is opened there and taken for one of them.
    ///
    /// What is read there is empty, what is said on standard error is lost, and writing to standard output fails as it
    /// would without it.
    static func fill() {
        for (stream, mode) in [(STDIN_FILENO, O_RDONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY)]
        where fcntl(stream, F_GETFD) < 0 {
            // The lowest free descriptor is the missing one, since those below are there.
            _ = open("/dev/null", mode)
        }
    }
}
