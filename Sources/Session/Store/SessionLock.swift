import Glibc
import OS

/// The right to change a session's folder or take it away: the lock that a run holds on its journal (flock(2)).
///
/// The system gives a lock back when the process that has it ends, however it ends. That tells a session that runs
/// from one that has died, and numbers of processes that are used again cannot mislead.
public final class SessionLock: Sendable {
    private let locks: [FileLock]

    /// Takes the lock until the value goes away; nil when somebody else has it or nobody can say.
    ///
    /// A folder without a journal may belong to a session that is about to begin: it is left alone for a minute. A
    /// review that changes something counts by the lock that it has of its own.
    public init?(folder: String) {
        var locks: [FileLock] = []
        var (isFree, hasFile) = (true, false)
        let session = SessionFolder(existing: folder)
        for path in [session.journal, session.reviewLock] {
            guard let file = try? Descriptor(opening: path, O_RDONLY | O_NOFOLLOW) else { continue }
            hasFile = true
            if let lock = try? FileLock(.exclusive, on: file) { locks.append(lock) } else { isFree = false }
        }
        var state = stat()
        if !hasFile, lstat(folder, &state) == 0, time(nil) - state.st_mtim.tv_sec < 60 { isFree = false }
        guard isFree else { return nil }
        self.locks = locks
    }

    /// Keeps the folder from being taken away until the value goes away, beside others who do the same.
    ///
    /// Nil when the session's run has the lock, which keeps the folder as well, and when there is nothing to lock.
    public init?(sharing folder: String) {
        guard let file = try? Descriptor(opening: SessionFolder(existing: folder).journal, O_RDONLY | O_NOFOLLOW),
            let lock = try? FileLock(.shared, on: file)
        else { return nil }
        locks = [lock]
    }
}
