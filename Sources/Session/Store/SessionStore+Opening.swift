import Glibc
import OS

extension SessionStore {
    /// Makes the folder of a new session and opens the journal in it.
    public func create(_ id: SessionID, journal: Journal) throws(SessionError) -> SessionFolder {
        let folder = try SessionFolder(id, root: root)
        try journal.open(folder: folder.path)
        return folder
    }

    /// Opens a session whose run has ended or died, to go on with it: what has happened, and the journal at its end.
    ///
    /// A last line that a crash has torn is cut off. The session is locked until the journal is closed.
    ///
    /// - Throws: `.inUse` while a run or a review has the session.
    public func open(_ id: SessionID, listeners: [EventListener] = []) throws(SessionError) -> OpenedSession {
        let folder = try folder(of: id)
        let (descriptor, lock) = try locked(folder, id)
        guard let file = JournalFile(path: folder.journal) else { throw SessionError(reading: folder.journal, errno) }
        let (state, byteCount, damagedLine) = SessionState.replay(file, in: folder)
        guard ftruncate(descriptor.raw, off_t(byteCount)) == 0 else {
            throw SessionError(writing: folder.journal, errno)
        }
        let output = JournalOutput(descriptor, lock: lock, folder: folder.path)
        return OpenedSession(
            id: id, folder: folder, state: state,
            journal: Journal(continuing: output, from: state, listeners: listeners), damagedLine: damagedLine)
    }

    /// The journal, open at its end, with the lock of a run; fails if a run or a review has the session.
    private func locked(_ folder: SessionFolder, _ id: SessionID) throws(SessionError) -> (Descriptor, FileLock?) {
        let descriptor: Descriptor
        do throws(SystemError) {
            descriptor = try Descriptor(opening: folder.journal, O_WRONLY | O_APPEND | O_NOFOLLOW)
        } catch {
            throw SessionError(reading: folder.journal, error.number)
        }
        let lock = try lock(.exclusive, descriptor, of: id, "run")
        let review = Descriptor(Glibc.open(folder.reviewLock, O_RDONLY | O_NOFOLLOW | O_CLOEXEC))
        if review.raw >= 0 { _ = try self.lock(.shared, review, of: id, "review") }
        return (descriptor, lock)
    }

    /// Takes a lock; nil where the file system has none, so that there is none to respect.
    private func lock(
        _ kind: FileLock.Kind, _ descriptor: Descriptor, of id: SessionID, _ user: String
    ) throws(SessionError) -> FileLock? {
        let lock: FileLock?
        do throws(SystemError) { lock = try FileLock(kind, on: descriptor) } catch { return nil }
        guard let lock else {
            let process = FileLock.holder(of: descriptor).map { " (process \($0))" } ?? ""
            throw SessionError(
                .inUse, "the session \(id) is in use by another \(user)\(process)",
                nextStep: "try again when it has ended")
        }
        return lock
    }
}
