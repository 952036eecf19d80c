import Dispatch
import Glibc
import JSON
import OS
import Responses
import Synchronization

/// The one stream of events: an append-only file of JSON lines, and whoever listens.
///
/// Each event is written out once; the file and the listeners get the same bytes. Writing goes straight to the
/// file descriptor, so that what has been recorded survives the process; syncing to the disk happens beside the
/// run, at the ends of responses and tools.
public final class Journal: EventSink {
    /// Gets every event, with its line where the event is kept.
    public typealias Listener = @Sendable (RunEvent, _ line: [UInt8]?) -> Void

    private struct State {
        var file: Descriptor?
        var lock: FileLock?
        var reserve: String?
        var early: [UInt8] = []
        var failure: Int32?
        var itemCount = 0
    }

    private let state = Mutex(State())
    private let isFinished = Mutex(false)
    private let listeners: [Listener]
    private let start: ContinuousClock.Instant
    private let syncing = DispatchQueue(label: "journal.sync")

    /// Starts without a file: events are kept in memory until `open`.
    public init(listeners: [Listener], start: ContinuousClock.Instant = .now) {
        self.listeners = listeners
        self.start = start
    }

    /// Opens the file in the session's folder and writes what has happened so far.
    ///
    /// A small reserve file is made beside it and given up when the disk is full, so that the last event can still
    /// be written.
    public func open(folder: String) throws(SessionError) {
        let path = folder + "/journal.jsonl"
        let file: Descriptor
        do throws(SystemError) { file = try Descriptor(opening: path, O_WRONLY | O_CREAT | O_APPEND) } catch {
            throw Self.error(path, error.number)
        }
        // Others see by the lock that the session is running; where locks are missing it looks finished.
        // Whoever looks holds it for an instant: waiting for that keeps a run from going on without its lock.
        let lock = try? FileLock(waitingFor: .exclusive, on: file)
        let reserve = folder + "/.reserve"
        let space = Glibc.open(reserve, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        if space >= 0 {
            _ = posix_fallocate(space, 0, 64 * 1024)
            Glibc.close(space)
        }
        state.withLock { state in
            state.file = file
            state.lock = lock
            state.reserve = reserve
            let early = state.early
            state.early = []
            Self.write(early, to: &state)
        }
    }

    /// Records an event and tells the listeners, one event after the other; behind the result comes nothing more.
    public func record(_ event: RunEvent) {
        isFinished.withLock { isFinished in
            guard !isFinished else { return }
            if case .runFinished = event { isFinished = true }
            let line = event.line(at: .now - start)
            if let line {
                state.withLock {
                    if $0.file != nil { Self.write(line, to: &$0) } else { $0.early += line }
                }
            }
            for listener in listeners { listener(event, line) }
        }
    }

    /// A name for the next item of the run.
    public func nextItemID() -> String {
        state.withLock { state in
            defer { state.itemCount += 1 }
            return "item_\(state.itemCount)"
        }
    }

    /// Why the file could not be written, if it could not.
    public var failure: SessionError? {
        state.withLock { $0.failure.map { Self.error("journal.jsonl", $0) } }
    }

    /// Asks for what has been written to reach the disk, without waiting for it.
    public func sync() {
        guard let file = state.withLock({ $0.file }) else { return }
        syncing.async { fdatasync(file.raw) }
    }

    /// Waits until everything is on the disk, and closes the file.
    public func close() {
        let (file, lock, reserve) = state.withLock { state in
            defer { (state.file, state.lock) = (nil, nil) }
            return (state.file, state.lock, state.reserve)
        }
        guard let file else { return }
        syncing.sync { _ = fdatasync(file.raw) }
        // The lock goes only when everything is on the disk.
        withExtendedLifetime(lock) {}
        if let reserve { unlink(reserve) }
    }

    private static func write(_ bytes: [UInt8], to state: inout State) {
        guard let file = state.file else { return }
        var rest = bytes[...]
        while !rest.isEmpty {
            let (count, error) = rest.withUnsafeBytes { FileContent.write($0, to: file.raw) }
            rest = rest.dropFirst(count)
            guard let error else { return }
            state.failure = error.number
            guard error.number == ENOSPC || error.number == EDQUOT, let reserve = state.reserve else { return }
            unlink(reserve)
            state.reserve = nil
        }
    }

    private static func error(_ path: String, _ code: Int32) -> SessionError {
        SessionError(
            .journal, "cannot write \(path): \(SystemError.text(code))",
            nextStep: "free some space, or point XDG_STATE_HOME elsewhere", systemError: code)
    }
}
